//! Fields of one request that has everything.

use serde_json::json;

use super::*;

fn read(field: &str, event: &Json) -> Option<String> {
    let (name, argument) = match field.split_once('[') {
        Some((name, argument)) => (name, Some(argument.trim_end_matches(']'))),
        None => (field, None),
    };
    let mut paths = Paths::default();
    let field = Field::new(name, argument, &mut paths).unwrap();
    let raw = event.to_string();
    let event = Event::read(raw.as_bytes(), &paths).unwrap();
    field.of(&event).map(|it| it.shown().into_owned())
}

#[test]
fn fields_say_what_the_request_holds() {
    let event = json!({
        "verb": "create", "requestURI": "/api/v1/pods/x/exec?command=sh&container=a%2Fb", "sourceIPs": ["192.0.2.1", "192.0.2.2"],
        "user": { "username": "dev", "groups": ["a", "b"] }, "annotations": { "authorization.k8s.io/decision": "allow" },
        "objectRef": { "resource": "pods" }, "responseObject": { "metadata": { "name": "web" } }, "responseStatus": { "code": 201 },
        "requestObject": {
            "subjects": [{ "kind": "User", "name": "eve" }, { "kind": "ServiceAccount", "name": "default", "namespace": "ns" }],
            "rules": [{ "verbs": ["get", "list"] }, { "verbs": ["*"] }],
            "spec": {
                "hostPID": true, "securityContext": { "runAsUser": 1000 },
                "containers": [
                    { "name": "a", "image": "registry:5000/team/app:1.2", "securityContext": { "privileged": true, "capabilities": { "add": ["SYS_ADMIN"] } }, "command": ["sh", "-c"] },
                    { "name": "b", "image": "nginx@sha256:00", "securityContext": { "runAsUser": 0 }, "ports": [{ "containerPort": 80, "hostPort": 8080 }, { "containerPort": 443 }] },
                ],
                "volumes": [{ "name": "v", "hostPath": { "path": "/etc/kubernetes" } }],
            },
        },
    });
    for (field, value) in [
        ("ka.verb", Some("create")),
        ("ka.uri.param[container]", Some("a/b")),
        ("ka.uri.param[tty]", None),
        ("ka.user.groups", Some("(a,b)")),
        ("ka.sourceips", Some("(192.0.2.1,192.0.2.2)")),
        ("ka.auth.decision", Some("allow")),
        ("ka.target.pod.name", Some("web")),
        ("ka.response.code", Some("201")),
        ("ka.req.binding.subjects.user_names", Some("(eve)")),
        ("ka.req.binding.subjects.serviceaccount_ns_names", Some("(ns:default)")),
        ("ka.req.role.rules.verbs", Some("(get,list,*)")),
        ("ka.req.role.rules.verbs[1]", Some("(*)")),
        ("ka.req.pod.host_pid", Some("true")),
        ("ka.req.pod.host_ipc", None),
        ("ka.req.container.privileged", Some("true")),
        ("ka.req.container.image", Some("registry:5000/team/app:1.2")),
        ("ka.req.pod.containers.image.repository", Some("(registry:5000/team/app,nginx)")),
        ("ka.req.pod.containers.image[1]", Some("nginx@sha256:00")),
        ("ka.req.pod.containers.image[2]", None),
        ("ka.req.pod.containers.command", Some("(sh -c)")),
        ("ka.req.pod.containers.privileged", Some("(true)")),
        ("ka.req.pod.containers.add_capabilities", Some("(SYS_ADMIN)")),
        ("ka.req.pod.containers.eff_run_as_user", Some("(1000,0)")),
        ("ka.req.pod.containers.host_port", Some("(8080,443)")),
        ("ka.req.pod.initContainers.image", None),
        ("ka.req.pod.volumes.hostpath", Some("(/etc/kubernetes)")),
        ("ka.req.volume.hostpath[/etc*]", Some("true")),
        ("ka.req.volume.hostpath[/var]", Some("false")),
        ("ka.req.pod.volumes.volume_type", Some("(hostPath)")),
    ] {
        assert_eq!(read(field, &event).as_deref(), value, "{field}");
    }
}
