// Made from docs/openapi.json by `npm run api`; do not edit.
export interface paths {
    "/api/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The accounts of the organisation, and how the last scan fared in each. */
        get: operations["get-accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every change and sign-in, also those that were refused. */
        get: operations["get-audit-log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Messages to people, the newest first. */
        get: operations["get-deliveries"];
        put?: never;
        /** Sends a message about one finding or incident: an issue of Jira or GitHub, a room, a mail. It waits in the outbox until it has arrived. */
        post: operations["post-deliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/deliveries/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message again that has not arrived. */
        post: operations["post-deliveries-id-resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The destinations of the configuration, without what they are reached by. */
        get: operations["get-destinations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/destinations/{name}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a test message, and waits until it has arrived: a conflict tells why it has not. */
        post: operations["post-destinations-name-test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to the findings that the caller sees: events `finding`, whose data is a `FindingNews`. When more than 500 things happened at once, one event
         *     `many` stands for all of them: ask for the list again. `Last-Event-ID` goes on where a stream broke off. Whoever sees the whole organisation also hears of
         *     jobs that begin, come further and end: events `job`, whose data is a `JobNews`. It ends after a quarter of an hour, and within seconds when the session or the
         *     token ends or the caller becomes something else.
         */
        get: operations["get-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of findings, the worst first. */
        get: operations["get-findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many findings there are, by severity, state, sort, account, project, rule and framework. */
        get: operations["get-findings-counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Every finding that a filter lets through, as a file: by account, region, type, id and rule. It is made while it is waited for, which takes half a minute where
         *     there are a million.
         */
        get: operations["get-findings-file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/triage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Assigns findings, comments on them, or moves them on. */
        post: operations["post-findings-triage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A finding with its rule and its history. */
        get: operations["get-findings-id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/frameworks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every framework, and how far the caller's accounts meet it. */
        get: operations["get-frameworks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/frameworks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A framework with its requirements, and the answers of each account. */
        get: operations["get-frameworks-id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/frameworks/{id}/requirements/{requirement}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A requirement with its rules, and the answer in each account. */
        get: operations["get-frameworks-id-requirements-requirement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers at all. */
        get: operations["get-health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the caller's accounts stand: scores, what is open, new and overdue, incidents, and what could not be seen. */
        get: operations["get-home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Incidents, the newest first. */
        get: operations["get-incidents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/incidents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An incident with its findings. */
        get: operations["get-incidents-id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every job: when it ran last and how that ended, whether it runs, when it runs next. */
        get: operations["get-jobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{name}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Runs a job now. `409` when it runs already. */
        post: operations["post-jobs-name-run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would be sent about a finding or an incident. */
        get: operations["get-messages-preview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Numbers in the text format of OpenMetrics, which Prometheus reads. */
        get: operations["get-metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description. */
        get: operations["get-openapi-json"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How findings went on: open ones week by week, how long they take, what is overdue, what came back. It is counted anew every ten minutes. */
        get: operations["get-progress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The projects that the caller sees, and their accounts. */
        get: operations["get-projects"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the store answers and takes what is written, too. */
        get: operations["get-ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The reports that there can be, and those that are made on a schedule. */
        get: operations["get-reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/reports/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One report, as a file. It is made from the last scan while it is waited for, which may take a minute. */
        get: operations["get-reports-file"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of resources. */
        get: operations["get-resources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/resources/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many resources there are of each type; the page's keys change nothing. */
        get: operations["get-resources-counts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/resources/related": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a resource points to, what points to it, and the findings about it. */
        get: operations["get-resources-related"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/resources/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A resource with its configuration, as it is and as it was. */
        get: operations["get-resources-versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every rule and detection. */
        get: operations["get-rules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A rule with its reasons, its fix and its parameters. */
        get: operations["get-rules-id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/rules/{id}/explanation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a rule says of a resource as the last scan read it, and how it comes to that. */
        get: operations["get-rules-id-explanation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest scans. */
        get: operations["get-scans"];
        put?: never;
        /** Scans now: everything that the configuration names, or only some of it. `409` when a scan runs. */
        post: operations["post-scans"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scans/running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far the scan has come that runs now. */
        get: operations["get-scans-running"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scans/{id}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a scan could not see, and why. */
        get: operations["get-scans-id-coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scans/{id}/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a scan said: passes, violations, and what it could not tell and why. Scans keep their answers until a later one took their place. */
        get: operations["get-scans-id-evaluations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores over time, as a whole and by function, account, project and framework, and the rules that made the difference. */
        get: operations["get-scores"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who signed in. */
        get: operations["get-session"];
        put?: never;
        /** Signs in. */
        post: operations["post-session"];
        /** Signs out. */
        delete: operations["delete-session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/openid/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the identity provider sends a browser back to. */
        get: operations["get-session-openid-callback"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/openid/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sends a browser to the identity provider. */
        get: operations["get-session-openid-start"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes one's own password, and signs out everywhere. */
        post: operations["post-session-password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The identity providers that people may sign in through. */
        get: operations["get-session-providers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/session/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Offers an authenticator's secret. Nothing changes until a code of it is sent. */
        get: operations["get-session-totp"];
        /** Asks for codes of this authenticator from now on, or for none any more; signs out everywhere. */
        put: operations["put-session-totp"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether nobody can sign in yet. */
        get: operations["get-setup"];
        put?: never;
        /** Makes the first administrator, with the secret that the server printed when it started. */
        post: operations["post-setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sources of events that are followed: how old what comes is, and what is wrong. */
        get: operations["get-sources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Suppressions: those that wait for somebody to agree, those that hide, and those that ended. */
        get: operations["get-suppressions"];
        put?: never;
        /** Asks for a suppression. It hides nothing until somebody else agrees to it. */
        post: operations["post-suppressions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/suppressions/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Takes a suppression away, and its findings come back; or refuses one that was asked for. Requests may be taken back by whoever asked; everything
         *     else takes the permission to approve.
         */
        delete: operations["delete-suppressions-name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/suppressions/{name}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Agrees to a suppression that somebody else asked for: it hides from now on. */
        post: operations["post-suppressions-name-approve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's tokens; an administrator's are everybody's. */
        get: operations["get-tokens"];
        put?: never;
        /** Makes a token. No token does: one that makes tokens never ends. Nor does a session alone, which may be stolen: the owner proves once more who they are. */
        post: operations["post-tokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a token away. */
        delete: operations["delete-tokens-id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody who may sign in. */
        get: operations["get-users"];
        put?: never;
        /** Adds somebody. */
        post: operations["post-users"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes somebody away, with their sessions and tokens. */
        delete: operations["delete-users-name"];
        options?: never;
        head?: never;
        /** Changes what somebody is. */
        patch: operations["patch-users-name"];
        trace?: never;
    };
    "/api/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's views, and those that others share. */
        get: operations["get-views"];
        put?: never;
        /** Saves a view, in place of the caller's one of the same name. */
        post: operations["post-views"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a view away: one's own, or, as an administrator, anybody's. */
        delete: operations["delete-views-id"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One AWS account. */
        Account: {
            /** @description Its twelve digits. */
            Id: components["schemas"]["AccountId"];
            /** @description Whether it is the organisation's management account. */
            Management?: boolean;
            /** @description The name given in Organizations; empty when it is not known. */
            Name?: string;
            /** @description The ids on the same way: `r-ab12`, `ou-ab12-cdefghij`. */
            OuIds?: string[];
            /** @description The names of the organisational units from the root down: `Root/Workloads/Prod`. */
            OuPath?: string;
            /** @description Whether it can be used. */
            Status: components["schemas"]["AccountStatus"];
            /** @description Tags in Organizations. */
            Tags?: {
                [key: string]: string;
            };
        };
        /** @description A requirement's answer in one account. */
        AccountAnswer: {
            /** @description The account. */
            Account: components["schemas"]["AccountId"];
            /** @description The answer. */
            Answer: components["schemas"]["Answer"];
            /** @description What people call it; empty where it has no name. */
            Name: string;
        };
        /** @description One account's answers. */
        AccountAnswers: {
            /** @description The account. */
            Account: components["schemas"]["AccountId"];
            /** @description A letter for each requirement, in the framework's order: `C` compliant, `N` non-compliant, `A` not applicable, `I` insufficient data, `M` manual. */
            Answers: string;
            /** @description How far it meets the framework. */
            Met: components["schemas"]["Met"];
            /** @description What people call it; empty where it has no name. */
            Name: string;
        };
        /** @description An account, and how the last scan fared there. */
        AccountDetail: {
            /** @description The account. */
            Account: components["schemas"]["Account"];
            /** @description The projects that hold it. */
            Projects: string[];
            Scan?: components["schemas"]["AccountScan"] | null;
        };
        AccountId: string;
        /** @description Accounts. */
        AccountList: {
            /** @description By id. */
            Accounts: components["schemas"]["AccountDetail"][];
        };
        /** @description One account of a scan. */
        AccountScan: {
            /** @description The account. */
            Account: components["schemas"]["Account"];
            /** @description Regions that were looked at. */
            Regions: components["schemas"]["Region"][];
            /**
             * Format: int64
             * @description How many resources were found.
             */
            Resources: number;
            /** @description How it fared. */
            State: components["schemas"]["AccountState"];
            /** @description Rules of the scan that the configuration switches off in this account. */
            SwitchedOff?: components["schemas"]["RuleId"][];
        };
        /** @description How one account fared. */
        AccountState: {
            /** @enum {string} */
            State: "SCANNED";
        } | {
            /** @description What Organizations says of the account. */
            Reason: components["schemas"]["AccountStatus"];
            /** @enum {string} */
            State: "SKIPPED";
        } | {
            /** @description What AWS or the network said, without secrets. */
            Error: string;
            /** @description The role that could not be assumed, if that was it. */
            Role?: string | null;
            /** @enum {string} */
            State: "UNREACHABLE";
        };
        /**
         * @description Whether an account can be used, as Organizations says.
         * @enum {string}
         */
        AccountStatus: "ACTIVE" | "SUSPENDED" | "PENDING_CLOSURE" | "PENDING_ACTIVATION";
        /** @description Who did it. */
        Actor: {
            /** @description The account that it belongs to. */
            Account?: string | null;
            /** @description How people call it. */
            Name: string;
            /** @description The principal: an ARN where there is one. The same person or program has the same principal. */
            Principal: string;
        };
        /** @description A requirement that a finding stands against. */
        Against: {
            /** @description The framework's id. */
            Framework: string;
            /** @description The requirement's number. */
            Requirement: string;
        };
        /** @description The names of the same check elsewhere. */
        Aliases: {
            /** @description AWS Config managed rules: `restricted-ssh`. */
            "aws-config"?: string[];
            /** @description Prowler checks: `ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22`. */
            prowler?: string[];
            /** @description Security Hub controls: `EC2.13`. */
            "security-hub"?: string[];
        };
        /** @description Findings, by how bad they are. */
        Amount: {
            /** @description Of each severity. */
            Severities: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description All of them.
             */
            Total: number;
        };
        /**
         * @description A requirement's answer.
         * @enum {string}
         */
        Answer: "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE" | "INSUFFICIENT_DATA" | "MANUAL";
        /** @description What a program signs in with instead of somebody. */
        ApiToken: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            CreatedAt: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            ExpiresAt: string;
            /**
             * Format: int64
             * @description Its number.
             */
            Id: number;
            /** @description What it is for. */
            Name: string;
            /** @description Whose it is: it never may do more than its owner. */
            Owner: string;
            /** @description The most that it allows. */
            Permission: components["schemas"]["Permission"];
            /**
             * Format: date-time
             * @description When it was used last, to the minute.
             */
            UsedAt?: string | null;
        };
        /** @description What somebody did, or tried to do. */
        AuditEntry: {
            /** @description The route: `POST /api/findings/triage`. */
            Action: string;
            /** @description From where. */
            Address: string;
            /**
             * Format: date-time
             * @description When.
             */
            At: string;
            /**
             * Format: int64
             * @description Its number: later ones are larger.
             */
            Id: number;
            /**
             * Format: int32
             * @description How it was answered: the status of HTTP. `None`: the answer was never given, because the program ended.
             */
            Status?: number | null;
            /** @description What exactly: the path, and what the route tells of it. */
            What: string;
            /** @description Who; of a sign-in, the name that was given. Empty where nobody had signed in. */
            Who: string;
        };
        /** @description A page of the audit log. */
        AuditPage: {
            /** @description The newest first. */
            Entries: components["schemas"]["AuditEntry"][];
        };
        /** @description How often one call ended in one way, in one region of one account. */
        CallCoverage: components["schemas"]["ReadStatus"] & {
            /** @description The account. */
            Account: components["schemas"]["AccountId"];
            /** @description The call: `ec2.DescribeInstances`. */
            Call: string;
            /**
             * Format: int64
             * @description How often: a call made for each bucket counts each bucket.
             */
            Count: number;
            /** @description The region, or [`Region::GLOBAL`]. */
            Region: components["schemas"]["Region"];
        };
        /** @description How often the findings of one rule came back. */
        CameBack: {
            /**
             * Format: int64
             * @description How many findings did.
             */
            Findings: number;
            /** @description The rule. */
            Rule: components["schemas"]["RuleId"];
            /**
             * Format: int64
             * @description How often, in these weeks.
             */
            Times: number;
            /** @description Its title; empty where nothing is known about it. */
            Title: components["schemas"]["Text"];
        };
        /**
         * @description What happened to a finding.
         * @enum {string}
         */
        Change: "OPENED" | "REOPENED" | "ENDED" | "SEVERITY_CHANGED" | "WORKFLOW_CHANGED" | "ASSIGNED" | "COMMENTED" | "DETECTORS_CHANGED" | "OVERDUE" | "JOINED";
        /** @description A part of a rule's condition, and its value. */
        ConditionStep: {
            /** @description Whether its value is not told, because it is about other accounts than the reader's. */
            IsHidden?: boolean;
            /** @description Its parts, without literals and names. */
            Parts: components["schemas"]["ConditionStep"][];
            /** @description The expression, or `name = element` for one turn of a macro. */
            Text: string;
            Unknown?: components["schemas"]["Reason"] | null;
            /** @description Its value; none where it has none. */
            Value?: unknown;
        };
        /**
         * @description How much is known to say from that something is new.
         * @enum {string}
         */
        Confidence: "low" | "medium" | "high";
        /** @description How many findings something has. */
        Count: {
            /** @description Its id. */
            Id: string;
            /** @description What people call it; empty where it has no name. */
            Name?: string;
            /** @description How many of each severity. */
            Severities: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description How many.
             */
            Total: number;
        };
        /** @description Findings, counted. */
        Counts: {
            /** @description By account, the one with the worst first. */
            Accounts: components["schemas"]["Count"][];
            /** @description By framework, the one with the worst first. */
            Frameworks: components["schemas"]["Count"][];
            /** @description By sort. */
            Kinds: {
                [key: string]: number;
            };
            /** @description By project, the one with the worst first. */
            Projects: components["schemas"]["Count"][];
            /** @description By rule, the one with the worst first. */
            Rules: components["schemas"]["Count"][];
            /** @description By severity. */
            Severities: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description All of them.
             */
            Total: number;
            /** @description By state of work. */
            Workflows: {
                [key: string]: number;
            };
        };
        /** @description What a scan could not see. */
        CoverageList: {
            /** @description Calls that were not, by account, region and call. */
            Gaps: components["schemas"]["CallCoverage"][];
            /** @description Whether there are more gaps than are told. */
            IsCut: boolean;
            /**
             * Format: int64
             * @description How many calls were answered.
             */
            Read: number;
        };
        /** @description A message. */
        Delivery: {
            /**
             * Format: date-time
             * @description Since when it is here.
             */
            CreatedAt: string;
            /** @description Where it goes. */
            Destination: string;
            /** @description Why the last try failed. */
            Error?: string | null;
            /** @description How many findings it tells about. */
            Findings: number;
            /**
             * Format: int64
             * @description Its number.
             */
            Id: number;
            /** @description `alert`, `digest` or `test`. */
            Kind: string;
            /**
             * Format: date-time
             * @description When it is tried next.
             */
            NextAt: string;
            /** @description The project that it is about; empty where it is about none. */
            Project: string;
            /** @description What the other side calls it. */
            Reference?: string | null;
            /** @description The rules that it tells about, at most ten. */
            Rules: string[];
            /**
             * Format: date-time
             * @description When it arrived.
             */
            SentAt?: string | null;
            /** @description How it stands. */
            State: components["schemas"]["DeliveryState"];
            /**
             * Format: int32
             * @description How often it was tried.
             */
            Tries: number;
        };
        /** @description Messages. */
        DeliveryList: {
            /** @description The newest first. */
            Deliveries: components["schemas"]["Delivery"][];
        };
        /**
         * @description How a message stands.
         * @enum {string}
         */
        DeliveryState: "WAITING" | "SENT" | "DEAD";
        /** @description Where people can be told. */
        DestinationList: {
            /** @description By name. */
            Destinations: components["schemas"]["MessageDestination"][];
        };
        /**
         * @description Who says so.
         * @enum {string}
         */
        Detector: "yagura" | "security-hub" | "guardduty" | "aws-config" | "access-analyzer" | "inspector" | "macie" | "trusted-advisor" | "prowler" | "trivy" | "grype" | "falco" | "other";
        /** @description Why a requirement's answer is not known. */
        Doubt: {
            /** @enum {string} */
            Kind: "ACCOUNT_NOT_READ";
        } | {
            /** @enum {string} */
            Kind: "RULE_NOT_USED";
            /** @description Which rule. */
            Rule: components["schemas"]["RuleId"];
        } | {
            /** @enum {string} */
            Kind: "RULE_SWITCHED_OFF";
            /** @description Which rule. */
            Rule: components["schemas"]["RuleId"];
        } | {
            /** @enum {string} */
            Kind: "NOT_KNOWN";
            /** @description Which rule. */
            Rule: components["schemas"]["RuleId"];
        };
        /** @description A doubt, and in how many accounts there is it. */
        DoubtCount: components["schemas"]["Doubt"] & {
            /**
             * Format: int64
             * @description In how many accounts.
             */
            Accounts: number;
        };
        /** @description Somebody or something that an event names: what one event has in common with another. */
        Entity: {
            /** @description What it is. */
            kind: components["schemas"]["EntityKind"];
            /** @description Its name. */
            name: string;
        };
        /**
         * @description What somebody or something in an event is.
         * @enum {string}
         */
        EntityKind: "principal" | "session" | "access-key" | "address" | "instance" | "pod" | "container" | "host";
        /**
         * @description Something that one principal made or took, and with which it, or another, can go on: credentials, mostly.
         *
         *     Links lead from a step of an attack to the next one when principal, key and address all change.
         */
        EntityLink: {
            /** @description Who. */
            Actor: components["schemas"]["Actor"];
            /** @description Who and what was there before: the actor's principal, session, key. */
            From: components["schemas"]["Entity"][];
            /** @description How: `sts:AssumeRole`, `iam:CreateAccessKey`. */
            How: string;
            /**
             * Format: date-time
             * @description When.
             */
            Time: string;
            /** @description What came out. */
            To: components["schemas"]["Entity"];
        };
        /**
         * @description One rule's answer about one resource.
         *
         *     When a list could not be read at all, there is one evaluation for the account and region with the resource id `*`:
         *     [`Outcome::InsufficientData`] about whatever may be there.
         */
        Evaluation: {
            /** @description The resource's ARN; empty when the id is `*`. */
            Arn: string;
            /** @description What exactly is wrong, spelled as the AWS API spells it. */
            Evidence?: unknown;
            /** @description The resource's name; empty where it has none. */
            Name?: string;
            /** @description The answer. */
            Outcome: components["schemas"]["Outcome"];
            Reason?: components["schemas"]["Reason"] | null;
            /** @description The resource. */
            Resource: components["schemas"]["ResourceKey"];
            /** @description The rule. */
            Rule: components["schemas"]["RuleId"];
            /** @description The rule's severity, with the configuration's overrides. */
            Severity: components["schemas"]["Severity"];
        };
        /** @description A page of answers. */
        EvaluationList: {
            /** @description By account, region, type, id and rule. */
            Evaluations: components["schemas"]["EvaluationRecord"][];
            /** @description Where the next page begins; none behind the last one. */
            Next?: string | null;
        };
        /** @description An evaluation as outputs show it: with the life of its finding, when there is or was one. */
        EvaluationRecord: {
            /** @description The answer. */
            Evaluation: components["schemas"]["Evaluation"];
            Finding?: components["schemas"]["FindingBrief"] | null;
        };
        /** @description A call that failed, in all accounts and regions together. */
        FailedCall: {
            /** @description In how many accounts. */
            Accounts: number;
            /** @description The call: `ec2.DescribeInstances`. */
            Call: string;
            /**
             * Format: int64
             * @description How often.
             */
            Count: number;
            /** @description How it ended, in one word. */
            Status: string;
        };
        /**
         * @description Which findings are wanted; lists are keys that come several times. Without a state of work those are that nobody has accepted or put right, unless
         *     findings that ended or a suppression's are wanted.
         */
        FilterParams: {
            /**
             * @description In these accounts: ids, or globs over their names.
             * @default []
             */
            account?: string[];
            /**
             * @description With one of these people.
             * @default []
             */
            assignee?: string[];
            /**
             * @description Reported by one of these.
             * @default []
             */
            detector?: components["schemas"]["Detector"][];
            /**
             * Format: date-time
             * @description Of those that ended, only those that ended at this moment or later.
             * @default null
             */
            ended?: string | null;
            /**
             * @description Of the rules that serve these frameworks.
             * @default []
             */
            framework?: string[];
            /**
             * @description Of these sorts.
             * @default []
             */
            kind?: components["schemas"]["FindingKind"][];
            /**
             * @description Open for longer than their severity allows.
             * @default false
             */
            overdue?: boolean;
            /**
             * @description In the accounts of these projects.
             * @default []
             */
            project?: string[];
            /**
             * @description In these regions.
             * @default []
             */
            region?: string[];
            /**
             * @description Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`.
             * @default []
             */
            rule?: string[];
            /**
             * @description Of resources of these services: `ec2`.
             * @default []
             */
            service?: string[];
            /** @default null */
            severity?: components["schemas"]["Severity"] | null;
            /**
             * Format: date-time
             * @description Open since this moment or later.
             * @default null
             */
            since?: string | null;
            /**
             * @description About the present (`active`), ended (`archived`), or both (`all`).
             * @default active
             */
            status?: components["schemas"]["Status"];
            /**
             * @description Hidden by one of these suppressions.
             * @default []
             */
            suppression?: string[];
            /**
             * @description Of resources whose id, name or ARN holds this text.
             * @default null
             */
            text?: string | null;
            /**
             * @description Of resources of these types.
             * @default []
             */
            type?: string[];
            /**
             * @description With nobody.
             * @default false
             */
            unassigned?: boolean;
            /**
             * @description In these states of work.
             * @default []
             */
            workflow?: components["schemas"]["Workflow"][];
        };
        /** @description Something wrong, with a life: the same rule and resource are the same finding from scan to scan, whoever reports it. */
        Finding: {
            /** @description The resource's ARN. */
            Arn: string;
            /** @description Who takes care of it. */
            Assignee?: string | null;
            /** @description Who says that it is so now; of one that ended, who said so last. */
            Detectors: components["schemas"]["Detector"][];
            /** @description What exactly is wrong. */
            Evidence?: unknown;
            /**
             * Format: date-time
             * @description When it was seen first; a finding that comes back keeps it.
             */
            FirstSeen: string;
            /** @description Stable: derived from the rule and the resource. */
            Id: string;
            /** @description Whether what another detector says of it was read from Security Hub: there it is told already. */
            InSecurityHub?: boolean;
            /** @description What sort of trouble it is. */
            Kind: components["schemas"]["FindingKind"];
            /**
             * Format: date-time
             * @description When it was seen last.
             */
            LastSeen: string;
            /** @description The resource's name; empty where it has none. */
            Name: string;
            /**
             * Format: date-time
             * @description Since when it is open: when it was seen first, or came back. Ages and due dates count from here.
             */
            OpenedAt: string;
            /** @description Whether it is still so. */
            RecordState: components["schemas"]["RecordState"];
            /**
             * Format: int32
             * @description How often it came back after it had ended.
             */
            Reopened: number;
            /**
             * Format: date-time
             * @description When it ended.
             */
            ResolvedAt?: string | null;
            /** @description The resource. */
            Resource: components["schemas"]["ResourceKey"];
            /** @description The rule; what another detector checks and no rule of ours does is called `security-hub:EC2.99`. */
            Rule: components["schemas"]["RuleId"];
            /** @description How bad it is. */
            Severity: components["schemas"]["Severity"];
            /** @description The suppression that hides it. */
            Suppression?: string | null;
            Text?: components["schemas"]["FindingText"] | null;
            /** @description What people did about it. */
            Workflow: components["schemas"]["Workflow"];
        };
        /** @description What a reader of an evaluation wants to know about its finding. */
        FindingBrief: {
            /**
             * Format: date-time
             * @description When it was seen first; a finding that comes back keeps it.
             */
            FirstSeen: string;
            /** @description Stable: derived from the rule and the resource. */
            Id: string;
            /**
             * Format: date-time
             * @description When it was seen last.
             */
            LastSeen: string;
            /** @description Whether it is still so. */
            RecordState: components["schemas"]["RecordState"];
            /** @description What people did about it. */
            Workflow: components["schemas"]["Workflow"];
        };
        /** @description Something that happened to a finding. */
        FindingChange: {
            /**
             * Format: date-time
             * @description When.
             */
            At: string;
            /** @description What. */
            Change: components["schemas"]["Change"];
            Scan?: components["schemas"]["ScanId"] | null;
            /** @description The person or the program that did it; `None` when a scan did. */
            Who?: string | null;
            /** @description Why, in a few words; empty when there is nothing to say. Of a comment, the comment. */
            Why: string;
        };
        /** @description A finding, and everything that is told about it. */
        FindingDetail: {
            /** @description The account's name; empty where it is not known. */
            AccountName: string;
            /** @description The finding. */
            Finding: components["schemas"]["Finding"];
            /** @description What happened to it, the oldest first. */
            History: components["schemas"]["FindingChange"][];
            /** @description The requirements that it stands against. */
            Requirements: components["schemas"]["Against"][];
            Rule?: components["schemas"]["RuleInfo"] | null;
        };
        /**
         * @description What sort of trouble a finding is about.
         * @enum {string}
         */
        FindingKind: "configuration" | "threat" | "access" | "vulnerability" | "sensitive-data" | "other";
        /** @description A page of findings. */
        FindingList: {
            /** @description The worst first. */
            Findings: components["schemas"]["Finding"][];
            /** @description Where the next page begins; none behind the last one. */
            Next?: string | null;
        };
        /** @description Something that happened to a finding. */
        FindingNews: {
            /** @description The finding's account. */
            Account: components["schemas"]["AccountId"];
            /**
             * Format: date-time
             * @description When.
             */
            At: string;
            /** @description What. */
            Change: components["schemas"]["Change"];
            /** @description The finding's id. */
            Finding: string;
            /** @description Whether it is still so. */
            RecordState: components["schemas"]["RecordState"];
            /** @description The finding's rule. */
            Rule: components["schemas"]["RuleId"];
            /** @description How bad it is now. */
            Severity: components["schemas"]["Severity"];
            /** @description Who did it; none when a scan, a detection or an import did. */
            Who?: string | null;
            /** @description Why, in a few words. */
            Why?: string;
            /** @description What people did about it so far. */
            Workflow: components["schemas"]["Workflow"];
        };
        /** @description What a detector says of its finding, in its own language: rules of ours have their texts in their files. */
        FindingText: {
            /** @description Why it matters, and what exactly was seen. */
            Description?: string;
            /** @description What to do. */
            Remediation?: string;
            /** @description What is wrong, in one line. */
            Title: string;
            /** @description Where to read more. */
            Url?: string;
        };
        /** @description How to put it right. */
        Fix: {
            /** @description A line for the AWS command line. */
            cli?: string | null;
            /** @description The repair that does it. */
            repair?: string | null;
            /** @description Numbered steps. */
            steps: components["schemas"]["Text_Vec_String"];
        };
        /** @description A standard, a benchmark or a law, as far as AWS configuration can answer it. */
        Framework: {
            /** @description What it is, who asks for it, and what of it configuration can answer. */
            About: components["schemas"]["Text"];
            /** @description Its names elsewhere. */
            Aliases: components["schemas"]["FrameworkAliases"];
            /** @description Its chapters, families or functions, in its own order. */
            Groups: components["schemas"]["RequirementGroup"][];
            /** @description Its identifier in lower case: `cis-aws-5.0`. */
            Id: string;
            /** @description What people call it. */
            Name: components["schemas"]["Text"];
            /** @description Who publishes it. */
            Publisher: components["schemas"]["Text"];
            /** @description What it asks for, in its own order. */
            Requirements: components["schemas"]["Requirement"][];
            /** @description Where its own text can be had. */
            Url: string;
            /** @description Which edition. */
            Version: string;
        };
        /** @description The names of the same framework elsewhere. */
        FrameworkAliases: {
            /** @description AWS Audit Manager frameworks. */
            "audit-manager"?: string[];
            /** @description AWS Config conformance packs: `Operational-Best-Practices-for-PCI-DSS`. */
            "aws-config"?: string[];
            /** @description Prowler's compliance files: `cis_5.0_aws`. */
            prowler?: string[];
            /** @description Security Hub standards: `cis-aws-foundations-benchmark/v/5.0.0`. */
            "security-hub"?: string[];
        };
        /** @description A framework, and the answers. */
        FrameworkDetail: {
            /** @description The answers of each account. */
            Accounts: components["schemas"]["AccountAnswers"][];
            /** @description The answers over all accounts, in the framework's order. */
            Answers: components["schemas"]["RequirementAssessment"][];
            /** @description The framework, with the texts of its requirements. */
            Framework: components["schemas"]["Framework"];
            /** @description By chapter. */
            Groups: components["schemas"]["GroupAssessment"][];
            Met?: components["schemas"]["Met"] | null;
            /** @description The projects. */
            Projects: components["schemas"]["ProjectMet"][];
            /** @description How many rules it has. */
            Rules: number;
            /** @description How many of its rules that scan looked at. */
            RulesUsed: number;
            Scan?: components["schemas"]["ScanId"] | null;
            Score?: components["schemas"]["Percent"] | null;
            /**
             * Format: int64
             * @description How many requirements a person must check, wholly or in part.
             */
            ToCheckByHand: number;
        };
        /** @description A framework, in one line. */
        FrameworkLine: {
            /** @description Its id. */
            Id: string;
            Met?: components["schemas"]["Met"] | null;
            /** @description What it is called. */
            Name: components["schemas"]["Text"];
            /** @description Who publishes it. */
            Publisher: components["schemas"]["Text"];
            /** @description How many requirements it has. */
            Requirements: number;
            Score?: components["schemas"]["Percent"] | null;
            /** @description Its version. */
            Version: string;
        };
        /** @description Frameworks. */
        FrameworkList: {
            /** @description By id. */
            Frameworks: components["schemas"]["FrameworkLine"][];
        };
        /**
         * @description The functions of the NIST Cybersecurity Framework that results are organised by.
         * @enum {string}
         */
        Function: "identify" | "protect" | "detect" | "respond" | "recover";
        /** @description A fact that is missing, and why. */
        Gap: components["schemas"]["ReadStatus"] & {
            /** @description The call that would have told: `s3.GetBucketPolicy`. */
            Call: string;
            /** @description Where it was asked. */
            Region: components["schemas"]["Region"];
        };
        /** @description What the last scan could not see. */
        Gaps: {
            /** @description The calls that failed most often. */
            Calls: components["schemas"]["FailedCall"][];
            /**
             * Format: int64
             * @description How many were not.
             */
            Failed: number;
            /**
             * Format: int64
             * @description How many calls were answered.
             */
            Read: number;
            /** @description Accounts that could not be entered. */
            Unreachable: components["schemas"]["AccountId"][];
        };
        /** @description How far a group of requirements is met, with those of the groups inside it. */
        GroupAssessment: {
            /** @description The group's number. */
            Group: string;
            /** @description How many requirements have each answer in the organisation. */
            Totals: components["schemas"]["Totals"];
        };
        /** @description The server's state. */
        Health: {
            /** @description `ok`. */
            Status: string;
        };
        /** @description Where the caller's accounts stand. */
        Home: {
            /** @description The accounts with the worst findings. */
            Accounts: components["schemas"]["Count"][];
            /**
             * Format: double
             * @description By how much the score changed over these scans.
             */
            Change?: number | null;
            /** @description What ended in the last 24 hours. */
            Ended: components["schemas"]["Amount"];
            /** @description The five functions of the NIST Cybersecurity Framework. */
            Functions: components["schemas"]["TrendPart"][];
            /** @description What the last scan could not see. */
            Gaps: components["schemas"]["Gaps"];
            /** @description The newest of them. */
            Incidents: components["schemas"]["Incident"][];
            /** @description What of it opened in the last 24 hours. */
            New: components["schemas"]["Amount"];
            /** @description What is open. */
            Open: components["schemas"]["Amount"];
            /** @description How many incidents nobody has closed. */
            OpenIncidents: number;
            /** @description What of it is open for longer than its severity allows. */
            Overdue: components["schemas"]["Amount"];
            /** @description The score after each comparable scan, the oldest first; only the last for members of projects. */
            Points: components["schemas"]["TrendPoint"][];
            /** @description The projects with the worst findings. */
            Projects: components["schemas"]["Count"][];
            /** @description The rules with the worst findings. */
            Rules: components["schemas"]["Count"][];
            Scan?: components["schemas"]["LastScan"] | null;
            /** @description What of it nobody takes care of. */
            Unassigned: components["schemas"]["Amount"];
        };
        /** @description Findings that are steps of one attack. */
        Incident: {
            /** @description The accounts in which something was done. */
            Accounts: string[];
            /** @description Who acted, the one who began first. */
            Actors: components["schemas"]["Actor"][];
            /**
             * Format: int64
             * @description How many events.
             */
            Events: number;
            /**
             * Format: int64
             * @description How many findings.
             */
            Findings: number;
            /**
             * Format: date-time
             * @description When it began.
             */
            FirstSeen: string;
            /** @description Stable: it stays when more findings join. */
            Id: string;
            /**
             * Format: date-time
             * @description The last event so far.
             */
            LastSeen: string;
            /** @description Whether it is about the present. */
            RecordState: components["schemas"]["RecordState"];
            /** @description How bad it is. */
            Severity: components["schemas"]["Severity"];
            /** @description The stages of the attack, in the order in which they were first seen. */
            Stages: components["schemas"]["Tactic"][];
            /** @description What people did about it. */
            Workflow: components["schemas"]["Workflow"];
        };
        /** @description Incidents. */
        IncidentList: {
            /** @description The newest first. */
            Incidents: components["schemas"]["Incident"][];
            /** @description Where the next page begins; none behind the last one. */
            Next?: string | null;
        };
        /** @description An incident, and what its story is told from. */
        IncidentStory: {
            /** @description Its findings, the first one first. */
            Findings: components["schemas"]["ThreatFinding"][];
            /** @description The incident. */
            Incident: components["schemas"]["Incident"];
            /** @description The credentials that led from one to the next. */
            Links: components["schemas"]["EntityLink"][];
        };
        /**
         * @description How a run ended.
         * @enum {string}
         */
        JobEnd: "SUCCEEDED" | "FAILED" | "STOPPED" | "INTERRUPTED";
        /** @description Jobs. */
        JobList: {
            /** @description By name. */
            Jobs: components["schemas"]["JobState"][];
            /** @description Why nothing is done at all: what is wrong with the store. */
            Trouble?: string | null;
            /** @description What is wrong although everything goes on: mistakes in files, with file and line. */
            Warnings?: string[];
        };
        /** @description A job began, came further, or ended. */
        JobNews: {
            /**
             * Format: date-time
             * @description When.
             */
            At: string;
            /**
             * Format: int64
             * @description Of a scan that came further, how many accounts are done.
             */
            Done?: number | null;
            End?: components["schemas"]["JobEnd"] | null;
            /** @description Which job. */
            Name: string;
            /**
             * Format: int64
             * @description Of a scan that came further, how many accounts there are.
             */
            Total?: number | null;
        };
        /** @description A run that goes on. */
        JobProgress: {
            /**
             * Format: date-time
             * @description When it began.
             */
            Began: string;
            /** @description Who asked for it. */
            By?: string | null;
            /**
             * Format: int64
             * @description Of a scan, how many accounts are done.
             */
            Done?: number | null;
            /**
             * Format: int64
             * @description Of a scan, how many accounts there are.
             */
            Total?: number | null;
        };
        /** @description A run that is over. */
        JobRun: {
            /**
             * Format: date-time
             * @description When it began.
             */
            Began: string;
            /** @description Who asked for it. */
            By?: string | null;
            /** @description How. */
            End: components["schemas"]["JobEnd"];
            /**
             * Format: date-time
             * @description When it ended, or when it was found to have ended.
             */
            Ended: string;
            /** @description What it came to, or what went wrong. */
            Told?: string;
        };
        /** @description A job. */
        JobState: {
            /**
             * Format: int32
             * @description How often it failed since it last succeeded.
             */
            Failures: number;
            Last?: components["schemas"]["JobRun"] | null;
            /** @description What it is called: `scan`, `import`, `reports`, `notify`. */
            Name: string;
            /**
             * Format: date-time
             * @description When it runs next by itself.
             */
            Next?: string | null;
            Running?: components["schemas"]["JobProgress"] | null;
            /** @description Its schedule, as cron writes it; none where it runs when there is something to do, or when somebody asks. */
            Schedule?: string | null;
            /** @description The time zone of the schedule. */
            TimeZone?: string | null;
        };
        /** @description How many resources passed a rule and how many violated it. */
        Judged: {
            /**
             * Format: int64
             * @description Violations.
             */
            Failed: number;
            /**
             * Format: int64
             * @description Passes.
             */
            Passed: number;
        };
        /** @description A condition of a rule. */
        LabelledStep: {
            /** @description `when`, `compliant` or `evidence`. */
            Label: string;
            /** @description How it comes to its value. */
            Step: components["schemas"]["ConditionStep"];
        };
        /**
         * @description A language that people read.
         * @enum {string}
         */
        Lang: "en" | "ja";
        /** @description The last scan. */
        LastScan: {
            /** @description How many accounts it looked at. */
            Accounts: number;
            /**
             * Format: date-time
             * @description When it ended.
             */
            Finished?: string | null;
            /** @description Its number. */
            Id: components["schemas"]["ScanId"];
            /** @description By how many rules it judged. */
            Rules: number;
            /**
             * Format: date-time
             * @description When it began.
             */
            Started: string;
        };
        /** @description A new token. */
        MadeToken: {
            /**
             * Format: int64
             * @description Its number.
             */
            Id: number;
            /** @description What programs send. It is not shown again. */
            Secret: string;
        };
        /** @description What a message is about. */
        MessageAbout: {
            /** @description The finding with this id. */
            Finding: string;
        } | {
            /** @description The incident with this id. */
            Incident: string;
        };
        /** @description Where people are told. */
        MessageDestination: {
            /** @description How often what is not urgent is told: `immediate`, `hourly`, `daily`. */
            Digest: string;
            /** @description From this severity on, a finding is told at once. */
            ImmediateSeverity: components["schemas"]["Severity"];
            /** @description What it is: `slack`, `smtp`, `jira`. */
            Kind: string;
            /** @description What the configuration calls it. */
            Name: string;
            /** @description The projects that are told there. */
            Projects: string[];
        };
        /** @description A message that is to be sent. */
        MessageOrder: {
            /** @description About what. */
            About: components["schemas"]["MessageAbout"];
            /** @description To which destination. */
            Destination: string;
            Lang?: components["schemas"]["Lang"] | null;
        };
        /** @description How far something meets a framework. */
        Met: {
            EvaluatedPercent?: components["schemas"]["Percent"] | null;
            PassedPercent?: components["schemas"]["Percent"] | null;
            /** @description How many requirements have each answer. */
            Totals: components["schemas"]["Totals"];
        };
        /** @description An account, as people know it. */
        NamedAccount: {
            /** @description Its id. */
            Id: components["schemas"]["AccountId"];
            /** @description Its name; empty when it is not known. */
            Name: string;
        };
        /** @description Somebody new. */
        NewUser: {
            Lang?: components["schemas"]["Lang"] | null;
            /** @description How they sign in. */
            Name: string;
            /** @description A first password, which they have to change before anything else. */
            Password: string;
            /** @description A project member's projects. */
            Projects?: string[];
            /** @description As what. */
            Role: components["schemas"]["Role"];
        };
        /** @description What is told: the data of an event. */
        News: components["schemas"]["FindingNews"] | components["schemas"]["JobNews"];
        /** @description An authenticator that is offered. */
        OfferedTotp: {
            /** @description For who types it. */
            Secret: string;
            /** @description For a QR code. */
            Url: string;
        };
        /** @description Where on the internet an address is, as far as that is known. */
        Origin: {
            /** @description Who runs it. */
            AsName?: string | null;
            /**
             * Format: int32
             * @description The number of the autonomous system.
             */
            Asn?: number | null;
            /** @description The country: two letters of ISO 3166. */
            Country?: string | null;
        };
        /**
         * @description A rule's answer about one resource; AWS Config's four words.
         * @enum {string}
         */
        Outcome: "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE" | "INSUFFICIENT_DATA";
        /** @description What is overdue in one account. */
        Overdue: {
            /** @description The account. */
            Account: components["schemas"]["AccountId"];
            /** @description How many findings, by severity. */
            Findings: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description By how many whole days the oldest is.
             */
            MostDays: number;
            /** @description The projects that it is of. */
            Projects: string[];
            /** @description The rule of that one. */
            Rule: components["schemas"]["RuleId"];
        };
        /** @description A new password. */
        PasswordRequest: {
            /** @description The new one. */
            NewPassword: string;
            /** @description The present one. */
            Password: string;
        };
        /**
         * Format: double
         * @description A part of a hundred, to one decimal, rounded down: a hundred means all, never "nearly all".
         */
        Percent: number;
        /**
         * @description What may be done at all. Each includes those before it.
         * @enum {string}
         */
        Permission: "read" | "triage" | "approve" | "administer";
        /** @description What would be sent. */
        Preview: {
            /** @description The message, as it is asked for. */
            Text: string;
        };
        /** @description What went wrong, and what to do (RFC 9457). */
        Problem: {
            /** @description What sort of trouble it is, for programs: `not-found`. */
            code: string;
            /** @description What exactly went wrong, and what to do. */
            detail: string;
            /**
             * Format: int64
             * @description After how many seconds to try again; also in the header.
             */
            retry_after?: number | null;
            /**
             * Format: int32
             * @description The status of HTTP.
             */
            status: number;
            /** @description What sort of trouble it is, in English. */
            title: string;
        };
        /** @description Progress over some weeks, the last of which is the current one. */
        Progress: {
            /** @description Everything together, one for each week. */
            All: components["schemas"]["WeekCounts"][];
            /** @description What came back in these weeks, most often first. */
            CameBack: components["schemas"]["CameBack"][];
            /** @description By framework: findings of the rules that serve it. */
            Frameworks?: components["schemas"]["ProgressPart"][];
            /**
             * Format: date-time
             * @description Until when.
             */
            Now: string;
            /** @description Open findings at the end of each week, by severity. */
            Open: {
                [key: string]: number[];
            };
            /** @description What is overdue now, the account with the oldest first. */
            Overdue: components["schemas"]["Overdue"][];
            /** @description By project. An account that is in several counts in each. */
            Projects?: components["schemas"]["ProgressPart"][];
            /** @description By rule, those with the most open findings first. */
            Rules?: components["schemas"]["ProgressPart"][];
            /** @description How long what ended in these weeks took, by severity. */
            ToResolve: {
                [key: string]: components["schemas"]["TimeToResolve"];
            };
            /** @description The Mondays on which the weeks begin, in the reader's time zone. */
            Weeks: string[];
        };
        /** @description The weeks of one project, framework or rule. */
        ProgressPart: {
            /** @description The project's name, the framework's or the rule's id. */
            Id: string;
            /** @description What people call it; empty where that is the id. */
            Name: components["schemas"]["Text"];
            /** @description One for each of [`Progress::weeks`]. */
            Weeks: components["schemas"]["WeekCounts"][];
        };
        /** @description A project's accounts. */
        ProjectAccounts: {
            /** @description Its accounts, by id. */
            Accounts: components["schemas"]["NamedAccount"][];
            /** @description The project. */
            Name: string;
        };
        /** @description Projects. */
        ProjectList: {
            /** @description In the order of the configuration. */
            Projects: components["schemas"]["ProjectAccounts"][];
        };
        /** @description How far a project meets a framework. */
        ProjectMet: {
            /** @description How far it meets the framework. */
            Met: components["schemas"]["Met"];
            /** @description The project. */
            Project: string;
            Score?: components["schemas"]["Percent"] | null;
        };
        /** @description An identity provider. */
        ProviderLink: {
            /** @description What stands on the button. */
            Name: string;
            /** @description Where the button leads. */
            StartUrl: string;
        };
        /** @description How people may sign in, besides with a password. */
        Providers: {
            /** @description Identity providers. */
            Providers: components["schemas"]["ProviderLink"][];
        };
        /** @description How a read ended. */
        ReadStatus: {
            /** @enum {string} */
            Status: "READ";
        } | {
            /** @enum {string} */
            Status: "ABSENT";
        } | {
            /** @enum {string} */
            Status: "UNAVAILABLE";
        } | {
            /** @enum {string} */
            Status: "REGION_OFF";
        } | {
            /** @description The IAM action that is missing: `s3:GetBucketPolicy`. */
            Permission: string;
            /** @enum {string} */
            Status: "DENIED";
        } | {
            /** @enum {string} */
            Status: "THROTTLED";
        } | {
            /** @enum {string} */
            Status: "NOT_SUPPORTED";
        } | {
            /** @enum {string} */
            Status: "EXCLUDED";
        } | {
            /** @description AWS's error code, or a short word such as `timeout`. */
            Code: string;
            /** @enum {string} */
            Status: "FAILED";
        };
        /** @description Why an answer is neither a pass nor a violation, or why a violation is not counted. */
        Reason: {
            /** @description Sorted; at least one. */
            Gaps: components["schemas"]["Gap"][];
            /** @enum {string} */
            Kind: "UNREAD";
        } | {
            /** @description The field as the rule wrote it: `resource.MetadataOptions.HttpTokens`. */
            Field: string;
            /** @enum {string} */
            Kind: "MISSING_FIELD";
        } | {
            /** @enum {string} */
            Kind: "UNDECIDABLE";
            /** @description What, for people: a condition key, a policy that is not JSON. */
            What: string;
        } | {
            /** @description The error, for the rule's author. */
            Error: string;
            /** @enum {string} */
            Kind: "RULE_FAILED";
        } | {
            /** @enum {string} */
            Kind: "NOT_CONCERNED";
        } | {
            /** @description Why, as written in the configuration; empty where a mutelist does not say. */
            Because: string;
            /** @description Which exception: `tag yagura:allow=public`. */
            By: string;
            /** @enum {string} */
            Kind: "EXCEPTED";
        };
        /**
         * @description Whether a finding is about the present. ASFF's `RecordState`.
         * @enum {string}
         */
        RecordState: "ACTIVE" | "ARCHIVED";
        Region: string;
        /** @description A resource at the other end of an arrow. */
        RelatedResource: {
            /** @description Its id or ARN, as the relationship has it. */
            Id: string;
            Resource?: components["schemas"]["ResourceLine"] | null;
            /** @description Its type. */
            ResourceType: components["schemas"]["ResourceType"];
        };
        /** @description An arrow from one resource to another. */
        Relationship: {
            /** @description The other resource's id or ARN, whichever AWS gave. */
            Id: string;
            /** @description The other resource's type. */
            To: components["schemas"]["ResourceType"];
        };
        /** @description Reports that there can be. */
        ReportList: {
            /** @description Whether this server makes any. */
            IsAble: boolean;
            /** @description The projects that the caller can have one about. */
            Projects: string[];
            /** @description Those that are made on a schedule; members of projects see none. */
            Scheduled: components["schemas"]["ReportSchedule"][];
            /** @description Whether there can be one about the accounts that are in no project. */
            WithoutProject: boolean;
        };
        /** @description A report that is made again and again. */
        ReportSchedule: {
            /** @description As what it is written: `xlsx`, `pdf`... */
            Formats: string[];
            /** @description What it is called. */
            Name: string;
            /** @description Where it goes. */
            Out: string;
            /** @description About what, and when. */
            Subjects: components["schemas"]["ReportSubject"][];
        };
        /** @description What a scheduled report is about. */
        ReportSubject: {
            /**
             * Format: date-time
             * @description When it was made last.
             */
            Last?: string | null;
            /**
             * Format: date-time
             * @description When it is made next.
             */
            Next?: string | null;
            /** @description The project; none for the accounts that are in none. */
            Project?: string | null;
            /** @description When: `0 9 * * mon`. */
            Schedule: string;
            /** @description In which time zone, where it has a name. */
            TimeZone?: string | null;
        };
        /** @description One thing that a framework asks for. */
        Requirement: {
            /** @description The framework's own number. */
            Id: string;
            /** @description The group it stands in. */
            In?: string | null;
            /**
             * Format: int32
             * @description A level, where the framework has some.
             */
            Level?: number | null;
            Manual?: components["schemas"]["Text"] | null;
            /** @description The rules whose violation means that it is not met. */
            Rules?: components["schemas"]["RuleId"][];
            /** @description Baselines, implementation groups, criteria. */
            Tags?: string[];
            /** @description What it asks for, in our words. */
            Title: components["schemas"]["Text"];
        };
        /** @description A requirement's answer in the organisation. */
        RequirementAssessment: {
            /** @description Accounts by the requirement's answer there; empty when a person must check it. */
            Accounts: {
                [key: string]: number;
            };
            /** @description The answer: the join of the accounts'. */
            Answer: components["schemas"]["Answer"];
            /** @description Why it is not known in some accounts, and in how many. */
            Doubts?: components["schemas"]["DoubtCount"][];
            /** @description How much of it rules can answer. */
            Kind: components["schemas"]["RequirementKind"];
            /** @description The requirement's number. */
            Requirement: string;
        };
        /** @description A requirement, and how it is met. */
        RequirementDetail: {
            /** @description The answer in each account. */
            Accounts: components["schemas"]["AccountAnswer"][];
            Answer?: components["schemas"]["Answer"] | null;
            /** @description Why it is not known. */
            Doubts: components["schemas"]["DoubtCount"][];
            /** @description The framework's id. */
            Framework: string;
            /** @description What the framework is called. */
            FrameworkName: components["schemas"]["Text"];
            /** @description The requirement. */
            Requirement: components["schemas"]["Requirement"];
            /** @description The rules that serve it. */
            Rules: components["schemas"]["ServingRule"][];
        };
        /** @description A chapter, a family, a function: requirements that belong together. */
        RequirementGroup: {
            /** @description The framework's own number. */
            Id: string;
            /** @description The group around it. */
            In?: string | null;
            /** @description What it is about. */
            Title: components["schemas"]["Text"];
        };
        /**
         * @description How much of a requirement rules can answer.
         * @enum {string}
         */
        RequirementKind: "AUTOMATED" | "PARTLY" | "MANUAL";
        /** @description One thing in an account: an AWS Config configuration item. */
        Resource: {
            /** @description Its ARN, as AWS gave it or as its type says it is built. */
            Arn: string;
            /** @description Everything AWS told, spelled as the AWS API spells it. */
            Configuration: {
                [key: string]: unknown;
            };
            /** @description Which one. */
            Key: components["schemas"]["ResourceKey"];
            /** @description What people call it; empty where it has no name. */
            Name?: string;
            /** @description What it points to. */
            Relationships?: components["schemas"]["Relationship"][];
            /** @description Its tags. */
            Tags?: {
                [key: string]: string;
            };
            /** @description Fields of `configuration` that could not be read, and why. A field in here is not in `configuration`. */
            Unread?: {
                [key: string]: components["schemas"]["Gap"];
            };
        };
        /** @description Resources, counted. */
        ResourceCounts: {
            /**
             * Format: int64
             * @description All of them.
             */
            Total: number;
            /** @description By type. */
            Types: {
                [key: string]: number;
            };
        };
        /** @description Which resource: the order of the fields is the order of every output. */
        ResourceKey: {
            /** @description The account that owns it. */
            Account: components["schemas"]["AccountId"];
            /** @description Its id, unique within account, region and type: `sg-0a1b`, a bucket's name, `root`. */
            Id: string;
            /** @description Where it lives, or [`Region::GLOBAL`]. */
            Region: components["schemas"]["Region"];
            /** @description Its type. */
            ResourceType: components["schemas"]["ResourceType"];
        };
        /** @description A resource, in one line of a list. */
        ResourceLine: {
            /** @description Its ARN. */
            Arn: string;
            /**
             * Format: int64
             * @description How many findings about it are open.
             */
            Findings: number;
            /** @description Whether it was there when it was last looked for. */
            IsPresent: boolean;
            /** @description Which one. */
            Key: components["schemas"]["ResourceKey"];
            /** @description What people call it; empty where it has no name. */
            Name?: string;
            Worst?: components["schemas"]["Severity"] | null;
        };
        /** @description A page of resources. */
        ResourceList: {
            /** @description Where the next page begins; none behind the last one. */
            Next?: string | null;
            /** @description By type, account and region. */
            Resources: components["schemas"]["ResourceLine"][];
        };
        ResourceType: string;
        /**
         * @description What somebody is.
         * @enum {string}
         */
        Role: "project-member" | "viewer" | "triager" | "approver" | "administrator";
        /** @description A rule with its reasons and its fix. */
        RuleDetail: components["schemas"]["RuleInfo"] & {
            /** @description Whether it is a detection, which looks at events. */
            IsDetection: boolean;
            /** @description Whether it is not judged by: the configuration switches it off, or it is off unless asked for. */
            IsOff: boolean;
            /** @description Its parameters, as they hold where the configuration says nothing narrower. */
            Parameters: Record<string, never>;
            /** @description The requirements that it serves. */
            Requirements: components["schemas"]["Against"][];
        };
        /** @description What one rule did to the score between the first and the last scan. */
        RuleEffect: {
            /** @description What it judged in the last. */
            After: components["schemas"]["Judged"];
            /** @description What it judged in the first scan. */
            Before: components["schemas"]["Judged"];
            /**
             * Format: double
             * @description Points that it added (or, below zero, took away), to two decimals.
             */
            Points: number;
            /** @description The rule. */
            Rule: components["schemas"]["RuleId"];
            /** @description Its title; the id where nothing is known about it. */
            Title: components["schemas"]["Text"];
        };
        RuleId: string;
        /** @description A rule as outputs show it. */
        RuleInfo: {
            /** @description Its names elsewhere. */
            Aliases: components["schemas"]["Aliases"];
            /** @description How to put it right. */
            Fix: components["schemas"]["Fix"];
            /** @description Where it belongs in the NIST Cybersecurity Framework. */
            Function: components["schemas"]["Function"];
            /** @description Its identifier. */
            Id: components["schemas"]["RuleId"];
            /** @description Where to read more. */
            References: string[];
            /** @description The type of resource it judges. */
            Resource: components["schemas"]["ResourceType"];
            /** @description How bad a violation is. */
            Severity: components["schemas"]["Severity"];
            /** @description What people read. */
            Text: components["schemas"]["Text_RuleText"];
        };
        /** @description A rule, in one line. */
        RuleLine: {
            /** @description Its function in the NIST Cybersecurity Framework. */
            Function: components["schemas"]["Function"];
            /** @description Its id, as findings carry it. */
            Id: components["schemas"]["RuleId"];
            /** @description Whether it is a detection, which looks at events. */
            IsDetection: boolean;
            /** @description Whether it is not judged by: the configuration switches it off, or it is off unless asked for. */
            IsOff: boolean;
            /** @description What it is about. */
            Resource: components["schemas"]["ResourceType"];
            /** @description How bad a violation is. */
            Severity: components["schemas"]["Severity"];
            /** @description What it says, in one line. */
            Title: components["schemas"]["Text"];
        };
        /** @description Rules. */
        RuleList: {
            /** @description By id. */
            Rules: components["schemas"]["RuleLine"][];
        };
        /** @description The scan that runs now. */
        RunningScan: {
            Running?: components["schemas"]["JobProgress"] | null;
        };
        /** @description One of the events behind a finding. */
        Sample: {
            /** @description From which address. */
            Address?: string | null;
            /** @description Why it failed, if it did. */
            Error?: string | null;
            /** @description The event's own id. */
            Event: string;
            Origin?: components["schemas"]["Origin"] | null;
            /** @description What the rule says of it: a Falco rule's output. */
            Output?: string | null;
            /** @description On what. */
            Targets?: string[];
            /**
             * Format: date-time
             * @description When.
             */
            Time: string;
            /** @description What was called or done: `iam:CreateAccessKey`. */
            What: string;
        };
        /** @description What somebody saved to come back to: a page of the console, and what it was narrowed to. */
        SavedView: {
            /**
             * Format: int64
             * @description Its number.
             */
            Id: number;
            /** @description What it is called; its owner has no other of the name. */
            Name: string;
            /** @description Who made it. */
            Owner: string;
            /** @description The page: `findings`. */
            Page: string;
            /** @description The query of its address. */
            Query: string;
            /** @description Whether everybody sees it. */
            Shared: boolean;
        };
        /**
         * Format: int64
         * @description A scan's number in its store.
         */
        ScanId: number;
        /** @description A scan, in one line. */
        ScanLine: {
            /** @description How many accounts it looked at. */
            Accounts: number;
            /**
             * Format: date-time
             * @description When it was done; none while it runs or when it was interrupted.
             */
            Finished?: string | null;
            /** @description Its number. */
            Id: components["schemas"]["ScanId"];
            /** @description By how many rules it judged. */
            Rules: number;
            /**
             * Format: date-time
             * @description When it began.
             */
            Started: string;
        };
        /** @description Scans. */
        ScanList: {
            /** @description The newest first. */
            Scans: components["schemas"]["ScanLine"][];
        };
        /** @description What a scan is narrowed to; nothing means what the configuration says. */
        ScanWish: {
            /**
             * @description Only these accounts: ids, or globs over names.
             * @default []
             */
            Accounts?: string[];
            /**
             * @description Only these regions.
             * @default []
             */
            Regions?: string[];
            /**
             * @description Only these rules: ids, globs or aliases.
             * @default []
             */
            Rules?: string[];
        };
        /** @description Which findings a suppression means. All lists that are not empty must fit; in a list one entry that fits is enough. Exact, unless a glob is written. */
        Scope: {
            /**
             * @description Accounts: ids, or names.
             * @default []
             */
            Accounts?: string[];
            /**
             * @description Findings that one of these reports.
             * @default []
             */
            Detectors?: components["schemas"]["Detector"][];
            /**
             * @description Sorts of findings.
             * @default []
             */
            Kinds?: components["schemas"]["FindingKind"][];
            /**
             * @description Paths of organisational units.
             * @default []
             */
            Ou?: string[];
            /**
             * @description Projects, by name.
             * @default []
             */
            Projects?: string[];
            /**
             * @description Regions.
             * @default []
             */
            Regions?: string[];
            /**
             * @description The resource's id or ARN.
             * @default []
             */
            Resources?: string[];
            /**
             * @description Rules: ids, globs, aliases; what other detectors check, as `guardduty:*`.
             * @default []
             */
            Rules?: string[];
            /**
             * @description Tags of the resource: `key=value`; `key` alone is any value.
             * @default []
             */
            Tags?: string[];
            /**
             * @description Types of resources: `AWS::EC2::Instance`.
             * @default []
             */
            Types?: string[];
        };
        /** @description A rule that serves a requirement. */
        ServingRule: {
            /** @description What it said of accounts, counted. */
            Accounts: {
                [key: string]: number;
            };
            /** @description What it said of resources, counted. */
            Evaluations: {
                [key: string]: number;
            };
            /** @description Its id. */
            Id: components["schemas"]["RuleId"];
            Severity?: components["schemas"]["Severity"] | null;
            /** @description What it says, in one line. */
            Title: components["schemas"]["Text"];
            /** @description Whether the scan used it. */
            Used: boolean;
        };
        /** @description Who signed in. */
        Session: {
            /** @description What a browser sends back in `x-yagura-csrf` with whatever changes something; programs need none. */
            Csrf?: string | null;
            /**
             * Format: date-time
             * @description The present, as the server goes by it: ages and spans are counted from it.
             */
            Now: string;
            /** @description Whether somebody else gave the password: until it is changed the session does that, and nothing else. */
            PasswordChangeNeeded: boolean;
            /** @description The most that they may do. */
            Permission: components["schemas"]["Permission"];
            /** @description Who. */
            User: components["schemas"]["User"];
        };
        /** @description The first administrator. */
        SetupRequest: {
            /** @description How the administrator will sign in. */
            Name: string;
            /** @description With which password. */
            Password: string;
            /** @description The secret out of the link that the server printed. */
            Secret: string;
        };
        /** @description Whether somebody has to set the console up. */
        SetupState: {
            /** @description Nobody can sign in yet. */
            IsNeeded: boolean;
        };
        /**
         * @description How bad a violation is; ASFF's five labels. Ordered from harmless to worst.
         * @enum {string}
         */
        Severity: "INFORMATIONAL" | "LOW" | "MEDIUM" | "HIGH" | "CRITICAL";
        /** @description Who wants to sign in. */
        SignInRequest: {
            /** @description The code of the authenticator, for those who have one. */
            Code?: string | null;
            /** @description The name. */
            Name: string;
            /** @description The password. */
            Password: string;
        };
        /**
         * @description How a source of events fares.
         * @enum {string}
         */
        SourceCondition: "WAITING" | "FOLLOWING" | "FAILING";
        /** @description Sources of events. */
        SourceList: {
            /** @description In the order of the configuration. */
            Sources: components["schemas"]["SourceState"][];
        };
        /** @description A source of events that is followed. */
        SourceState: {
            /** @description How it fares. */
            Condition: components["schemas"]["SourceCondition"];
            /** @description What went wrong last. */
            Error?: string | null;
            /**
             * Format: date-time
             * @description When that was.
             */
            ErrorAt?: string | null;
            /**
             * Format: int64
             * @description Events that were read since the program started.
             */
            Events: number;
            /**
             * Format: int64
             * @description How old the newest event was when it was read, in seconds.
             */
            LagSeconds?: number | null;
            /**
             * Format: date-time
             * @description When it was looked at last without trouble.
             */
            Looked?: string | null;
            /** @description As the configuration names it. */
            Name: string;
            /**
             * Format: date-time
             * @description The time that the newest event tells.
             */
            NewestEvent?: string | null;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            RetryAt?: string | null;
        };
        /** @description Where something stands in one scan. */
        Standing: {
            Known?: components["schemas"]["Percent"] | null;
            Score?: components["schemas"]["Percent"] | null;
            /**
             * Format: int64
             * @description Evaluations whose answer is not known.
             */
            Unknown: number;
            /**
             * Format: int64
             * @description Violations.
             */
            Violations: number;
        };
        /**
         * @description Whether findings are about the present.
         * @enum {string}
         */
        Status: "active" | "archived" | "all";
        String: string;
        /** @description What came of asking. */
        SuppressionAsked: {
            /** @description Whether it waits for somebody to agree now; not after a dry run. */
            Requested: boolean;
            /** @description Of which rules, at most 50. */
            Rules: components["schemas"]["RuleId"][];
            /**
             * Format: int64
             * @description How many findings it would hide now.
             */
            WouldHide: number;
        };
        /** @description What came of a change: how many findings were hidden, and how many came back. */
        SuppressionDone: {
            /**
             * Format: int64
             * @description So many were hidden.
             */
            Hidden: number;
            /**
             * Format: int64
             * @description So many came back.
             */
            Returned: number;
        };
        /** @description A suppression that somebody asks for. */
        SuppressionDraft: {
            /** @description What protects instead. */
            CompensatingControl?: string;
            /** @description Only tells how many findings it would hide; nothing is asked for. */
            DryRun?: boolean;
            /**
             * Format: int64
             * @description How many findings it hides, where that is more than 20.
             */
            Expected?: number | null;
            /** @description What it is called; no other has the name. */
            Name: string;
            /** @description Why they are accepted. */
            Reason: string;
            /** @description Which findings it means. Members of projects name accounts or projects of theirs. */
            Scope: components["schemas"]["Scope"];
            /**
             * Format: date
             * @description The last day (UTC) on which it holds: `2026-12-31`.
             */
            Until: string;
        };
        /** @description A suppression, and how it stands. */
        SuppressionLine: {
            /** @description Who agreed to it; empty until somebody has. */
            Approver: string;
            /** @description What protects instead. */
            CompensatingControl: string;
            /**
             * Format: int64
             * @description Whole days until then; negative when it is over.
             */
            DaysLeft: number;
            /** @description Whether it ends within two weeks. */
            EndsSoon: boolean;
            /** @description The file that it stands in, and has to be changed in; none for those of the store. */
            File?: string | null;
            /**
             * Format: int64
             * @description How many findings it hides now, or would hide.
             */
            Hides: number;
            /** @description What it is called. */
            Name: string;
            /** @description Why they are accepted. */
            Reason: string;
            /**
             * Format: date-time
             * @description When; none for those that were made by command or stand in a file.
             */
            RequestedAt?: string | null;
            /** @description Who asked for it. */
            Requester: string;
            /** @description Which findings it means. */
            Scope: components["schemas"]["Scope"];
            /** @description How it stands. */
            State: components["schemas"]["SuppressionState"];
            /**
             * Format: date
             * @description The last day (UTC) on which it holds.
             */
            Until?: string | null;
        };
        /** @description Suppressions. */
        SuppressionList: {
            /** @description Those that wait for somebody first, then those that end first. */
            Suppressions: components["schemas"]["SuppressionLine"][];
        };
        /**
         * @description How a suppression stands.
         * @enum {string}
         */
        SuppressionState: "REQUESTED" | "ACTIVE" | "ENDED";
        /** @description What a resource has to do with others, and what is wrong with it. */
        Surroundings: {
            /** @description The findings about it, those that are open and worst first. */
            Findings: components["schemas"]["Finding"][];
            /** @description What of its account points to it. */
            PointedToBy: components["schemas"]["RelatedResource"][];
            /** @description What it points to. */
            PointsTo: components["schemas"]["RelatedResource"][];
        };
        /**
         * @description A tactic of MITRE ATT&CK for enterprises, in the order in which attacks go.
         * @enum {string}
         */
        Tactic: "reconnaissance" | "resource-development" | "initial-access" | "execution" | "persistence" | "privilege-escalation" | "defense-evasion" | "credential-access" | "discovery" | "lateral-movement" | "collection" | "command-and-control" | "exfiltration" | "impact";
        /** @description A test of a destination. */
        TestOrder: {
            /** @default null */
            Lang?: components["schemas"]["Lang"] | null;
            /**
             * @description As if it were about this project, with its owners.
             * @default null
             */
            Project?: string | null;
        };
        /** @description The same thing said in every language. */
        Text: {
            /** @description In English. */
            en: components["schemas"]["String"];
            /** @description In Japanese. */
            ja: components["schemas"]["String"];
        };
        /** @description The same thing said in every language. */
        Text_RuleText: {
            /** @description What people read about a rule. */
            en: {
                /** @description What may break when it is fixed. */
                impact_of_fix: string;
                /** @description What is wrong when the rule is violated, or what it asks for, in one line. */
                title: string;
                /** @description Why it matters. */
                why: string;
            };
            /** @description What people read about a rule. */
            ja: {
                /** @description What may break when it is fixed. */
                impact_of_fix: string;
                /** @description What is wrong when the rule is violated, or what it asks for, in one line. */
                title: string;
                /** @description Why it matters. */
                why: string;
            };
        };
        /** @description The same thing said in every language. */
        Text_Vec_String: {
            en: string[];
            ja: string[];
        };
        /** @description What a detection found about one actor: the same rule and actor within a day are one finding, however many events there are. */
        ThreatFinding: {
            /** @description The accounts in which it was done. */
            Accounts: string[];
            /** @description Who did it. */
            Actor: components["schemas"]["Actor"];
            Confidence?: components["schemas"]["Confidence"] | null;
            /**
             * Format: int64
             * @description How many events.
             */
            Count: number;
            /** @description Who and what is in the events. */
            Entities: components["schemas"]["Entity"][];
            /**
             * Format: int64
             * @description How many of them were refused or failed.
             */
            Failed: number;
            /**
             * Format: date-time
             * @description When first.
             */
            FirstSeen: string;
            /** @description Stable: derived from rule, actor and the first event. */
            Id: string;
            /** @description The incident that it belongs to. */
            Incident?: string | null;
            /**
             * Format: date-time
             * @description When last.
             */
            LastSeen: string;
            /** @description Whether it is about the present. */
            RecordState: components["schemas"]["RecordState"];
            /** @description The regions in which it was done. */
            Regions: string[];
            /** @description The rule: a Falco name, a Sigma id. */
            Rule: string;
            /** @description Some of the events, the first ones. */
            Samples: components["schemas"]["Sample"][];
            /** @description How bad it is. */
            Severity: components["schemas"]["Severity"];
            /** @description ATT&CK tactics and techniques, as the rule names them. */
            Tags: string[];
            /** @description The rule's title. */
            Title: string;
            /** @description What people did about it. */
            Workflow: components["schemas"]["Workflow"];
        };
        /** @description How long findings took from being seen, or seen again, to their end. */
        TimeToResolve: {
            /**
             * Format: double
             * @description The mean, in days.
             */
            MeanDays: number;
            /**
             * Format: double
             * @description The median, in days: one that was forgotten for years does not move it.
             */
            MedianDays: number;
            /**
             * Format: int64
             * @description How many ended.
             */
            Resolved: number;
        };
        /** @description Tokens. */
        TokenList: {
            /** @description The oldest first. */
            Tokens: components["schemas"]["ApiToken"][];
        };
        /** @description A token that is to be made. */
        TokenRequest: {
            /** @description The code of the owner's authenticator, for those who have one. */
            Code?: string | null;
            /**
             * Format: int32
             * @description After so many days it ends, at most 366.
             */
            Days: number;
            /** @description What it is for. */
            Name: string;
            /** @description The owner's present password; people of an identity provider have none, and need to have signed in within the last ten minutes. */
            Password?: string | null;
            /** @description The most that it allows; never more than its owner may. */
            Permission: components["schemas"]["Permission"];
        };
        /** @description How many requirements have each answer. */
        Totals: {
            /**
             * Format: int64
             * @description Met, as far as rules can tell.
             */
            Compliant: number;
            /**
             * Format: int64
             * @description Not known.
             */
            InsufficientData: number;
            /**
             * Format: int64
             * @description Left to a person.
             */
            Manual: number;
            /**
             * Format: int64
             * @description Not met.
             */
            NonCompliant: number;
            /**
             * Format: int64
             * @description There is nothing they could be about.
             */
            NotApplicable: number;
        };
        /** @description An authenticator that is to be asked for from now on. */
        TotpRequest: {
            /** @description A code that it shows, for a new one. */
            Code?: string | null;
            /** @description The present password. */
            Password: string;
            /** @description The secret that was offered; none takes the authenticator away. */
            Secret?: string | null;
        };
        /** @description The score of an organisation over a span of comparable scans. */
        Trend: {
            /** @description By account. */
            Accounts?: components["schemas"]["TrendPart"][];
            /**
             * Format: double
             * @description Points won or lost between the first and the last; `None` when there is only one, or one has no score.
             */
            Change?: number | null;
            /** @description By framework: over the rules that serve it today. */
            Frameworks?: components["schemas"]["TrendPart"][];
            /** @description By function of the NIST Cybersecurity Framework. */
            Functions?: components["schemas"]["TrendPart"][];
            /**
             * Format: int64
             * @description Scans in the span that looked at something else, and so cannot be compared.
             */
            NotComparable: number;
            /**
             * Format: double
             * @description Points that came or went with these rules; the rest of the change is that of the rules of both scans.
             */
            PointsByOtherRules?: number | null;
            /** @description By project, as the configuration defines them today. */
            Projects?: components["schemas"]["TrendPart"][];
            /** @description Every rule of both scans that made a difference, the largest first. */
            Rules: components["schemas"]["RuleEffect"][];
            /**
             * Format: int64
             * @description Rules that only the last scan judged by: of a new version, or newly switched on.
             */
            RulesAdded: number;
            /**
             * Format: int64
             * @description Rules that only the first scan judged by.
             */
            RulesRemoved: number;
            /** @description Every scan of the span, oldest first; the last is the one that everything else is about. */
            Scans: components["schemas"]["TrendPoint"][];
        };
        /** @description A part of the organisation, or of the rules, in the first and the last scan. */
        TrendPart: components["schemas"]["Standing"] & {
            /**
             * Format: double
             * @description Points won or lost since then.
             */
            Change?: number | null;
            FirstScore?: components["schemas"]["Percent"] | null;
            /** @description The account's id, the project's name, the function's word, the framework's id. */
            Id: string;
            /** @description What people call it; empty where that is the id. */
            Name: components["schemas"]["Text"];
        };
        /** @description The organisation in one scan. */
        TrendPoint: components["schemas"]["Standing"] & {
            /**
             * Format: int64
             * @description Accounts that it set out to look at.
             */
            Accounts: number;
            /**
             * Format: int64
             * @description Rules that it judged by.
             */
            Rules: number;
            /** @description The scan. */
            Scan: components["schemas"]["ScanId"];
            /**
             * Format: date-time
             * @description When it began.
             */
            Started: string;
        };
        /** @description What is to be done about which findings. */
        TriageRequest: {
            /** @description Who takes care of them from now on; an empty name means nobody. */
            Assignee?: string | null;
            /** @description The reason, or a comment by itself. */
            Comment?: string | null;
            /**
             * Format: int64
             * @description With a filter, how many findings the person saw. When there are others by now, nothing is done.
             */
            Expected?: number | null;
            Filter?: components["schemas"]["FilterParams"] | null;
            /** @description These findings, at most 1,000. */
            Ids?: string[];
            Workflow?: components["schemas"]["Workflow"] | null;
        };
        /** @description What came of it. */
        TriageResult: {
            /**
             * Format: int64
             * @description How many of them changed.
             */
            Changed: number;
            /**
             * Format: int64
             * @description How many findings were meant.
             */
            Meant: number;
        };
        /** @description How a rule comes to its answer about one resource. */
        Tried: {
            /** @description The rule's conditions, part by part. */
            Conditions: components["schemas"]["LabelledStep"][];
            /** @description The answer, exceptions included. */
            Evaluation: components["schemas"]["Evaluation"];
            /** @description The parameters as they hold in the account. */
            Parameters: Record<string, never>;
        };
        /** @description Somebody who may sign in. */
        User: {
            /**
             * Format: date-time
             * @description Since when they are known.
             */
            CreatedAt: string;
            /** @description Whether they sign in with a code from an authenticator besides the password. */
            HasTotp: boolean;
            /** @description Whether they may not sign in any more. */
            IsDisabled: boolean;
            /** @description Whether an identity provider says who they are: they have no password here. */
            IsExternal?: boolean;
            Lang?: components["schemas"]["Lang"] | null;
            /** @description How they sign in, and how histories call them. Case does not tell two apart. */
            Name: string;
            /** @description The projects of a member; empty for others. */
            Projects: string[];
            /** @description What they are. */
            Role: components["schemas"]["Role"];
        };
        /** @description What is to change; what is left out stays. */
        UserChange: {
            /** @description Whether they may not sign in any more. */
            IsDisabled?: boolean | null;
            /** @description A new password for somebody else, who has to change it before anything else; it signs them out, and takes their authenticator and their tokens away. */
            Password?: string | null;
            /** @description A project member's projects. */
            Projects?: string[] | null;
            Role?: components["schemas"]["Role"] | null;
        };
        /** @description Everybody who may sign in. */
        UserList: {
            /** @description By name. */
            Users: components["schemas"]["User"][];
        };
        /** @description A resource as it was from some moment on. */
        Version: {
            /**
             * Format: date-time
             * @description When that scan began.
             */
            At: string;
            Resource?: components["schemas"]["Resource"] | null;
            /** @description The scan that found it so. */
            Scan: components["schemas"]["ScanId"];
        };
        /** @description The versions of a resource. */
        VersionList: {
            /** @description The oldest first. */
            Versions: components["schemas"]["Version"][];
        };
        /** @description Views. */
        ViewList: {
            /** @description By name. */
            Views: components["schemas"]["SavedView"][];
        };
        /** @description A view to save. */
        ViewRequest: {
            /** @description What it is called, at most 100 characters. */
            Name: string;
            /** @description The page of the console: `findings`. */
            Page: string;
            /** @description The query of its address, at most 4,000 characters. */
            Query: string;
            /** @description Whether everybody sees it, but for members of projects; it takes the permission to triage. */
            Shared?: boolean;
        };
        /** @description What happened in one week, and what was open at its end. */
        WeekCounts: {
            /**
             * Format: int64
             * @description Seen again after they had ended.
             */
            CameBack: number;
            /**
             * Format: int64
             * @description Seen for the first time.
             */
            New: number;
            /**
             * Format: int64
             * @description Open at the end of the week; of the current week, now.
             */
            Open: number;
            /**
             * Format: int64
             * @description Ended.
             */
            Resolved: number;
        };
        /**
         * @description What people did about a finding. ASFF's `Workflow.Status`.
         * @enum {string}
         */
        Workflow: "NEW" | "NOTIFIED" | "SUPPRESSED" | "RESOLVED";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "get-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-audit-log": {
        parameters: {
            query?: {
                /** @description Of this person. */
                who?: string;
                /** @description Older than the entry with this number. */
                before?: number;
                /** @description So many at most; 100 where nothing is said, 1,000 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-deliveries": {
        parameters: {
            query?: {
                /** @description In this state. */
                state?: "WAITING" | "SENT" | "DEAD";
                /** @description So many at most; 200 where nothing is said, 1,000 at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessageOrder"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-deliveries-id-resend": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-destinations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DestinationList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-destinations-name-test": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestOrder"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["News"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-findings": {
        parameters: {
            query?: {
                /** @description About the present (`active`), ended (`archived`), or both (`all`). */
                status?: "active" | "archived" | "all";
                /** @description In these states of work. */
                workflow?: components["schemas"]["Workflow"][];
                /** @description Of these sorts. */
                kind?: components["schemas"]["FindingKind"][];
                /** @description Reported by one of these. */
                detector?: components["schemas"]["Detector"][];
                /** @description At least so severe. */
                severity?: components["schemas"]["Severity"];
                /** @description In these accounts: ids, or globs over their names. */
                account?: string[];
                /** @description In the accounts of these projects. */
                project?: string[];
                /** @description In these regions. */
                region?: string[];
                /** @description Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`. */
                rule?: string[];
                /** @description Of the rules that serve these frameworks. */
                framework?: string[];
                /** @description Of resources of these services: `ec2`. */
                service?: string[];
                /** @description Of resources of these types. */
                type?: string[];
                /** @description Of resources whose id, name or ARN holds this text. */
                text?: string;
                /** @description With one of these people. */
                assignee?: string[];
                /** @description With nobody. */
                unassigned?: boolean;
                /** @description Hidden by one of these suppressions. */
                suppression?: string[];
                /** @description Open for longer than their severity allows. */
                overdue?: boolean;
                /** @description Open since this moment or later. */
                since?: string;
                /** @description Of those that ended, only those that ended at this moment or later. */
                ended?: string;
                /** @description Those that opened last come first (`newest`), or those that are open for longest (`oldest`); the worst before either. */
                order?: "newest" | "oldest";
                /** @description So many at most; 50 where nothing is said, 500 at most. */
                limit?: number;
                /** @description Where the page begins: `Next` of the one before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-findings-counts": {
        parameters: {
            query?: {
                /** @description About the present (`active`), ended (`archived`), or both (`all`). */
                status?: "active" | "archived" | "all";
                /** @description In these states of work. */
                workflow?: components["schemas"]["Workflow"][];
                /** @description Of these sorts. */
                kind?: components["schemas"]["FindingKind"][];
                /** @description Reported by one of these. */
                detector?: components["schemas"]["Detector"][];
                /** @description At least so severe. */
                severity?: components["schemas"]["Severity"];
                /** @description In these accounts: ids, or globs over their names. */
                account?: string[];
                /** @description In the accounts of these projects. */
                project?: string[];
                /** @description In these regions. */
                region?: string[];
                /** @description Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`. */
                rule?: string[];
                /** @description Of the rules that serve these frameworks. */
                framework?: string[];
                /** @description Of resources of these services: `ec2`. */
                service?: string[];
                /** @description Of resources of these types. */
                type?: string[];
                /** @description Of resources whose id, name or ARN holds this text. */
                text?: string;
                /** @description With one of these people. */
                assignee?: string[];
                /** @description With nobody. */
                unassigned?: boolean;
                /** @description Hidden by one of these suppressions. */
                suppression?: string[];
                /** @description Open for longer than their severity allows. */
                overdue?: boolean;
                /** @description Open since this moment or later. */
                since?: string;
                /** @description Of those that ended, only those that ended at this moment or later. */
                ended?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Counts"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-findings-file": {
        parameters: {
            query?: {
                /** @description About the present (`active`), ended (`archived`), or both (`all`). */
                status?: "active" | "archived" | "all";
                /** @description In these states of work. */
                workflow?: components["schemas"]["Workflow"][];
                /** @description Of these sorts. */
                kind?: components["schemas"]["FindingKind"][];
                /** @description Reported by one of these. */
                detector?: components["schemas"]["Detector"][];
                /** @description At least so severe. */
                severity?: components["schemas"]["Severity"];
                /** @description In these accounts: ids, or globs over their names. */
                account?: string[];
                /** @description In the accounts of these projects. */
                project?: string[];
                /** @description In these regions. */
                region?: string[];
                /** @description Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`. */
                rule?: string[];
                /** @description Of the rules that serve these frameworks. */
                framework?: string[];
                /** @description Of resources of these services: `ec2`. */
                service?: string[];
                /** @description Of resources of these types. */
                type?: string[];
                /** @description Of resources whose id, name or ARN holds this text. */
                text?: string;
                /** @description With one of these people. */
                assignee?: string[];
                /** @description With nobody. */
                unassigned?: boolean;
                /** @description Hidden by one of these suppressions. */
                suppression?: string[];
                /** @description Open for longer than their severity allows. */
                overdue?: boolean;
                /** @description Open since this moment or later. */
                since?: string;
                /** @description Of those that ended, only those that ended at this moment or later. */
                ended?: string;
                /** @description As what. */
                format?: "csv" | "ndjson" | "ocsf" | "asff";
                /** @description In which language; English where it is left out. */
                lang?: components["schemas"]["Lang"];
                /** @description In which time zone people read times: `Asia/Tokyo`; UTC where it is left out. */
                zone?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": unknown;
                    "application/x-ndjson": unknown;
                    "application/json": unknown;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-findings-triage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TriageRequest"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TriageResult"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-findings-id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingDetail"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-frameworks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrameworkList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-frameworks-id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FrameworkDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-frameworks-id-requirements-requirement": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                requirement: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequirementDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    "get-home": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Home"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-incidents": {
        parameters: {
            query?: {
                /** @description At least so severe. */
                severity?: components["schemas"]["Severity"];
                /** @description With events since then. */
                since?: string;
                /** @description That have something to do with this account. */
                account?: string;
                /** @description So many at most; 200 where nothing is said, 1,000 at most. */
                limit?: number;
                /** @description Where the page begins: `Next` of the one before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-incidents-id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IncidentStory"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-jobs-name-run": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-messages-preview": {
        parameters: {
            query?: {
                /** @description About this finding... */
                finding?: string;
                /** @description ...or about this incident. */
                incident?: string;
                /** @description As what. */
                format?: "text" | "mail" | "html" | "slack" | "teams" | "webhook";
                /** @description In which language; the project's where it is left out. */
                lang?: components["schemas"]["Lang"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-openapi-json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "get-progress": {
        parameters: {
            query?: {
                /** @description How many weeks; 26 where nothing is said, 260 at most. */
                weeks?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Progress"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-reports-file": {
        parameters: {
            query?: {
                /** @description About this project; about the accounts that are in none where it is left out. */
                project?: string;
                /** @description As what. */
                format?: "xlsx" | "csv" | "html" | "pdf" | "json";
                /** @description In which language; the project's where it is left out. */
                lang?: components["schemas"]["Lang"];
                /** @description How many weeks its progress goes back; 26 where nothing is said, 260 at most. */
                weeks?: number;
                /** @description With findings that ended, too. */
                ended?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": unknown;
                    "text/csv": unknown;
                    "text/html": unknown;
                    "application/pdf": unknown;
                    "application/json": unknown;
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-resources": {
        parameters: {
            query?: {
                /** @description In these accounts: ids, or globs over their names. */
                account?: string[];
                /** @description In the accounts of these projects. */
                project?: string[];
                /** @description In these regions. */
                region?: string[];
                /** @description Of these types. */
                type?: string[];
                /** @description Whose id, name or ARN holds this text. */
                text?: string;
                /** @description Those that are gone, and not those that are there. */
                gone?: boolean;
                /** @description So many at most; 50 where nothing is said, 500 at most. */
                limit?: number;
                /** @description Where the page begins: `Next` of the one before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-resources-counts": {
        parameters: {
            query?: {
                /** @description In these accounts: ids, or globs over their names. */
                account?: string[];
                /** @description In the accounts of these projects. */
                project?: string[];
                /** @description In these regions. */
                region?: string[];
                /** @description Of these types. */
                type?: string[];
                /** @description Whose id, name or ARN holds this text. */
                text?: string;
                /** @description Those that are gone, and not those that are there. */
                gone?: boolean;
                /** @description So many at most; 50 where nothing is said, 500 at most. */
                limit?: number;
                /** @description Where the page begins: `Next` of the one before. */
                after?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResourceCounts"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-resources-related": {
        parameters: {
            query: {
                /** @description Its account's id. */
                account: string;
                /** @description Its region, or `global`. */
                region: string;
                /** @description Its type: `AWS::EC2::SecurityGroup`. */
                type: string;
                /** @description Its id. */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Surroundings"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-resources-versions": {
        parameters: {
            query: {
                /** @description Its account's id. */
                account: string;
                /** @description Its region, or `global`. */
                region: string;
                /** @description Its type: `AWS::EC2::SecurityGroup`. */
                type: string;
                /** @description Its id. */
                id: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-rules-id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDetail"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-rules-id-explanation": {
        parameters: {
            query: {
                /** @description Its account's id. */
                account: string;
                /** @description Its region, or `global`. */
                region: string;
                /** @description Its type: `AWS::EC2::SecurityGroup`. */
                type: string;
                /** @description Its id. */
                id: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tried"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScanList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-scans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScanWish"];
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-scans-running": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunningScan"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-scans-id-coverage": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoverageList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-scans-id-evaluations": {
        parameters: {
            query?: {
                /** @description With these outcomes. */
                outcome?: components["schemas"]["Outcome"][];
                /** @description Of rules at least so severe. */
                severity?: components["schemas"]["Severity"];
                /** @description In these accounts: ids, or globs over their names. */
                account?: string[];
                /** @description In the accounts of these projects. */
                project?: string[];
                /** @description In these regions. */
                region?: string[];
                /** @description Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`. */
                rule?: string[];
                /** @description Of the rules that serve these frameworks. */
                framework?: string[];
                /** @description Of resources of these services: `ec2`. */
                service?: string[];
                /** @description Of resources of these types. */
                type?: string[];
                /** @description So many at most; 200 where nothing is said, 1,000 at most. */
                limit?: number;
                /** @description Where the page begins: `Next` of the one before. */
                after?: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationList"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trend"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            /** @description the cookie is in `set-cookie` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session-openid-callback": {
        parameters: {
            query?: {
                /** @description What the token can be had for. */
                code?: string;
                /** @description What the browser was sent with. */
                state?: string;
                /** @description The provider. */
                iss?: string;
                /** @description Why there is no code. */
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page that leads into the console; the cookie is in `set-cookie` */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": unknown;
                };
            };
            /** @description to `/sign-in?problem=CODE` */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session-openid-start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description to the identity provider, or to `/sign-in?problem=CODE` */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-session-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-session-providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Providers"];
                };
            };
        };
    };
    "get-session-totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OfferedTotp"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-session-totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TotpRequest"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetupState"];
                };
            };
        };
    };
    "post-setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-sources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-suppressions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SuppressionDraft"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionAsked"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-suppressions-name": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionDone"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-suppressions-name-approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SuppressionDone"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-tokens-id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-users-name": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "patch-users-name": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewList"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "post-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewRequest"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SavedView"];
                };
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-views-id": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
