# What Yagura's messages say. Copy the file to `messages/en.ftl` of a directory of yours, change what you like, leave out the
# rest, and name the directory with `--packs`. Every key stands in ja.ftl, too, with the same variables.

### Words
severity-critical = Critical
severity-high = High
severity-medium = Medium
severity-low = Low
severity-informational = Informational

change-opened = New
change-reopened = Came back
change-severity-changed = Severity changed
change-advanced = New stage
change-overdue = Overdue
change-resolved = Resolved
change-merged = Part of another

kind-configuration = Prevention (configuration)
kind-threat = Threat (somebody did something)
kind-access = Prevention (access)
kind-vulnerability = Prevention (vulnerability)
kind-sensitive-data = Prevention (sensitive data)
kind-other = Other

### Times, as strftime writes them
time-format = %Y-%m-%d %H:%M:%S %Z

### Subjects
subject-one = [{ $severity }] { $change }: { $title } | { $environment } | { $account }
subject-many = [{ $severity }] { $change }: { $title } ({ $count } resources) | { $environment }
subject-incident = [{ $severity }] Incident ({ $change }): { $title } | { $environment }
subject-digest = Yagura summary: { $count } changes ({ $open } open, { $resolved } resolved) | { $environment }
subject-test = Yagura: test message to { $destination }

### Beginnings
intro-opened = Yagura found the following in your environment. Please look at it and put it right.
intro-reopened = The following had been put right and is there again. Please look at it.
intro-severity-changed = The severity of the following has changed.
intro-overdue = The following has been open for longer than agreed. Please put it right, or ask for an exception.
intro-resolved = The following has been put right. Thank you; there is nothing left to do.
intro-incident-opened = Yagura found what looks like an attack in your environment. This is what happened, in order; please begin with what to do first.
intro-incident-reopened = The following incident had been closed or accepted, and is open again. Please look at it.
intro-incident-severity-changed = The following incident is worse than it was told to be. Please look at it.
intro-incident-advanced = The following incident goes on: it has reached a new stage: { $stages }. Please look at it at once.
intro-incident-overdue = The following incident has been open for longer than agreed. Please close it.
intro-incident-resolved = Every finding of the following incident is resolved. There is nothing left to do.
intro-incident-merged = The following incident has turned out to be part of incident { $whole }. What follows is told there.
intro-digest = These findings of { $environment } changed since the last summary. The attached table holds every one of them, with the steps that put it right.
intro-digest-plain = These findings of { $environment } changed since the last summary.
intro-test = This is a test message of Yagura. If you can read it, deliveries to { $destination } work.
greeting = Hello,

### What a finding says
label-alert-id = Alert ID
label-time = Time
label-change = Event
label-severity = Severity
label-kind = Kind of detection
label-environment = Environment
label-project = Project
label-account = AWS account
label-region = Region
label-rule = Rule
label-problem = What is wrong
label-why = Why it matters
label-resource-type = Resource type
label-resource = Resource
label-arn = ARN
label-resources = Resources ({ $count })
label-reference = Reference
label-requirements = CIS requirements
label-detectors = Reported by
label-steps = How to put it right
label-impact = What the fix may break
label-mentions = Owners

### What an incident says
heading-incident = [{ $severity }] Incident ({ $change }): { $title }
label-incident = Incident ID
label-part-of = Part of incident
label-accounts = AWS accounts
label-who = Who
label-from = From
label-since = Since
label-until = Last seen
label-stages = Stages
label-new-stages = New stages
label-story = What happened
label-stage = What happened [{ $stage }]
label-made = What the attacker has made
label-first-steps = What to do first
label-findings = Findings in it ({ $count })
steps-left-out = ({ $count } steps are left out here)
between-names = ,{" "}

no-requirements = none
and-more = and { $count } more
of-resources = { $count } resources
in-account = { $name } ({ $id })

### The table of a summary
csv-event = Event
csv-severity = Severity
csv-resource = Resource name
csv-guideline = Violated guideline
csv-requirements = Requirements
csv-steps = Steps to put it right
csv-impact = What the fix may break

### Ends
footer = You get this message because you take care of { $project } in Yagura. Message { $key }.
