"""Checks deploy/: every file parses, names only what exists, and keeps the rules that docs/deployment.md states.

usage: check.py PROJECT PROGRAM
"""

import configparser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

ROLES = {
    "crypto-spot-monitor": "5560",
    "kalshi-monitor": "5555",
    "polymarket-monitor": "5556",
    "crypto-shard": "5559",
    "execution-service": "5561",
    "orchestrator": "5562",
    "zmq-listener": None,
}
METRICS_PORT = 9464

project, program = pathlib.Path(sys.argv[1]), sys.argv[2]
deploy = project / "deploy"
problems = []


def check(holds, text):
    if not holds:
        problems.append(text)


def known_variables():
    """All environment variables that settings have: those of every key, and the names that documents give some."""
    shown = subprocess.run([program, "config", "show", "--json"], capture_output=True, text=True, check=True).stdout
    keys = re.findall(r'"name":"([a-z0-9_.]+)"', shown)
    check("limits.min_edge_pct" in keys, "config show --json names no settings")
    guide = (project / "docs/configuration.md").read_text().split("## Names of the predecessor")[0]
    documented = re.findall(r"`([A-Z][A-Z0-9_]+)`", guide)
    return set(documented) | {"ARBEES__" + key.upper().replace(".", "__") for key in keys}


def known_metrics():
    source = (project / "src/app/running/metrics_text.cpp").read_text()
    return set(re.findall(r'"(arbees_[a-z_]+)"', source))


def check_environment(where, environment, variables):
    ours = {"ARBEES_ROLE", "ARBEES_DATA_DIR", "REDIS_URL", "DATABASE_URL", "CRYPTO_SHARD_ID"}
    for name, value in environment.items():
        check(name in ours or name in variables, f"{where}: there is no setting {name}")
        for host, port in re.findall(r"tcp://([a-z-]+):(\d+)", str(value)):
            check(ROLES.get(host) == port, f"{where}: {name}: {host} does not publish on {port}")


def check_compose(variables):
    compose = yaml.safe_load((deploy / "docker-compose.yml").read_text())
    services = compose["services"]
    for role in ROLES:
        check(role in services, f"compose: no service {role}")
    for name, service in services.items():
        is_ours = service["image"].startswith("${ARBEES_IMAGE")
        check(is_ours or re.search(r":[v\d]", service["image"]), f"compose: {name}: the image has no version")
        check(is_ours or "healthcheck" in service, f"compose: {name}: no health check")
        check(service.get("restart") == "unless-stopped", f"compose: {name}: is not restarted")
        check(not service.get("privileged"), f"compose: {name}: is privileged")
        for port in service.get("ports", []):
            check(port.startswith("127.0.0.1:"), f"compose: {name}: port {port} is open to other machines")
        for other in service.get("depends_on", {}):
            check(other in services, f"compose: {name}: depends on {other}, which is not there")
        for secret in service.get("secrets", []):
            check(secret in compose["secrets"], f"compose: {name}: no secret {secret}")
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source == "/run/lock/arbees":
                continue  # the host's: where accounts are locked
            exists = (deploy / source).exists() if source.startswith(".") else source in compose["volumes"]
            check(exists, f"compose: {name}: there is no {source}")
        if not is_ours:
            continue
        environment = service["environment"]
        check_environment(f"compose: {name}", environment, variables)
        limits = {"MIN_EDGE_PCT", "MAX_POSITION_SIZE", "MAX_ASSET_EXPOSURE", "MAX_TOTAL_EXPOSURE"}
        check({"CRYPTO_" + limit for limit in limits} <= environment.keys(), f"compose: {name}: without the limits")
        check(service["read_only"] and service["cap_drop"] == ["ALL"], f"compose: {name}: may do too much")
        check(environment["ARBEES_ROLE"] == service["command"][0], f"compose: {name}: ARBEES_ROLE is another role")
        has_key = "kalshi_private_key" in service.get("secrets", [])
        check(has_key == (name in ("kalshi-monitor", "execution-service", "arbees")), f"compose: {name}: whose key?")
    used = set(re.findall(r"\$\{([A-Z_]+)", (deploy / "docker-compose.yml").read_text())) - {"ARBEES_IMAGE"}
    offered = set(re.findall(r"^([A-Z_]+)=", (deploy / "env.example").read_text(), re.M))
    check(used == offered, f"env.example and docker-compose.yml differ in {sorted(used ^ offered)}")


def check_dockerfile():
    text = (deploy / "Dockerfile").read_text()
    for image in re.findall(r"^FROM (\S+)", text, re.M):
        check(image == "debian:12-slim", f"Dockerfile: built on {image}")
    for wanted in ("USER arbees", "HEALTHCHECK", "arbees status --healthy", 'ENTRYPOINT ["arbees"]'):
        check(wanted in text, f"Dockerfile: no {wanted}")
    ignored = (project / ".dockerignore").read_text().split()
    for source in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.M):
        for name in source.split():
            if name != ".":
                check((project / name).exists(), f"Dockerfile: there is no {name}")
                check("!" + name.split("/")[0] in ignored, f".dockerignore leaves {name} out")


def check_kubernetes(variables):
    kustomization = yaml.safe_load((deploy / "kubernetes/kustomization.yaml").read_text())
    files = {path.name for path in (deploy / "kubernetes").glob("*.yaml")} - {"kustomization.yaml"}
    check(files == set(kustomization["resources"]), "kubernetes: kustomization.yaml does not list all files")
    objects = [o for name in sorted(files) for o in yaml.safe_load_all((deploy / "kubernetes" / name).read_text())]
    for thing in objects:
        check(thing.get("apiVersion") and thing.get("kind") and thing["metadata"].get("name"), f"kubernetes: {thing}")
    deployments = {o["metadata"]["name"]: o["spec"] for o in objects if o["kind"] == "Deployment"}
    check(set(deployments) == set(ROLES), "kubernetes: not one deployment for each role")
    claims = {o["metadata"]["name"] for o in objects if o["kind"] == "PersistentVolumeClaim"}
    for name, spec in deployments.items():
        pod = spec["template"]["spec"]
        container = pod["containers"][0]
        labels = spec["template"]["metadata"]["labels"]
        check(spec["selector"]["matchLabels"].items() <= labels.items(), f"kubernetes: {name}: selects other pods")
        check(pod["securityContext"]["runAsNonRoot"], f"kubernetes: {name}: runs as root")
        check(container["securityContext"]["readOnlyRootFilesystem"], f"kubernetes: {name}: writes its image")
        check("livenessProbe" in container and "readinessProbe" in container, f"kubernetes: {name}: no probes")
        check(container["args"][0] == name, f"kubernetes: {name}: runs {container['args'][0]}")
        check_environment(f"kubernetes: {name}", {e["name"]: e.get("value", "") for e in container["env"]}, variables)
        # What waits for a database that is away lies in the data folder.
        keeps = any(v["name"] == "data" and "persistentVolumeClaim" in v for v in pod["volumes"])
        check(keeps == (name in ("execution-service", "zmq-listener")), f"kubernetes: {name}: data that must (not) last")
        volumes = {v["name"] for v in pod["volumes"]}
        check({m["name"] for m in container["volumeMounts"]} == volumes, f"kubernetes: {name}: volumes")
        for volume in pod["volumes"]:
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            check(claim is None or claim in claims, f"kubernetes: {name}: no claim {claim}")
    for service in (o for o in objects if o["kind"] == "Service"):
        name = service["metadata"]["name"]
        ports = {p["name"]: str(p["containerPort"]) for p in deployments[name]["template"]["spec"]["containers"][0]["ports"]}
        numbers = {str(p["port"]): ports.get(p["targetPort"]) for p in service["spec"]["ports"]}
        check(all(a == b for a, b in numbers.items()), f"kubernetes: service {name}: ports differ from its pods'")
        check(ROLES[name] in numbers, f"kubernetes: service {name}: not where the others look for it")
    for settings in (o["data"] for o in objects if o["kind"] == "ConfigMap"):
        check_environment("kubernetes: ConfigMap", settings, variables)


def check_monitoring():
    metrics = known_metrics()
    allowed = metrics | {m + end for m in metrics for end in ("_bucket", "_sum", "_count")}

    def check_expression(where, expression):
        for name in re.findall(r"\barbees_[a-z_]+", expression):
            check(name in allowed, f"{where}: there is no metric {name}")

    prometheus = yaml.safe_load((deploy / "prometheus/prometheus.yml").read_text())
    targets = {t for s in prometheus["scrape_configs"] for c in s["static_configs"] for t in c["targets"]}
    check(targets == {f"{role}:{METRICS_PORT}" for role in ROLES}, "prometheus: does not scrape all roles")
    for file in prometheus["rule_files"]:
        for group in yaml.safe_load((deploy / "prometheus" / file).read_text())["groups"]:
            for rule in group["rules"]:
                check_expression(f"alert {rule['alert']}", rule["expr"])
                check(rule["annotations"].get("summary"), f"alert {rule['alert']}: says nothing")
    provisioning = deploy / "grafana/provisioning"
    sources = yaml.safe_load((provisioning / "datasources/prometheus.yml").read_text())["datasources"]
    yaml.safe_load((provisioning / "dashboards/arbees.yml").read_text())["providers"][0]["options"]["path"]
    dashboard = json.loads((deploy / "grafana/dashboards/arbees.json").read_text())
    check(len({p["id"] for p in dashboard["panels"]}) == len(dashboard["panels"]), "grafana: two panels with one id")
    for panel in dashboard["panels"]:
        where = f"grafana: {panel['title']}"
        check(panel["datasource"]["uid"] in {s["uid"] for s in sources}, f"{where}: unknown data source")
        for target in panel["targets"]:
            check_expression(where, target["expr"])


def check_systemd():
    units = sorted(list((deploy / "systemd").glob("*.service")) + list((deploy / "systemd").glob("*.target")))
    for unit in units:
        parser = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes=("#",))
        parser.optionxform = str
        parser.read_string(unit.read_text())
        check(parser.has_section("Unit") and parser.has_section("Install"), f"{unit.name}: incomplete")
        if unit.suffix == ".service":
            service = parser["Service"]
            check(service["User"] == "arbees" and service["NoNewPrivileges"] == "yes", f"{unit.name}: may do too much")
            check("/run/lock/arbees" in service["ReadWritePaths"], f"{unit.name}: cannot lock accounts")
            check(int(service["TimeoutStopSec"]) > 9, f"{unit.name}: is killed before it has ended")
            check(service["ExecReload"] == "/bin/kill -HUP $MAINPID", f"{unit.name}: cannot be reloaded")
    single = (deploy / "systemd/arbees.service").read_text()
    for line in ("Conflicts=arbees-roles.target", "ConditionPathExists=!/etc/systemd/system/multi-user.target.wants/arbees-roles.target"):
        check(line in single, f"arbees.service: without {line}, both may be started at once")
    target = (deploy / "systemd/arbees-roles.target").read_text()
    wanted = set(re.findall(r"arbees-role@([a-z-]+)\.service", target))
    check(wanted == set(ROLES), "arbees-roles.target: does not want all roles")
    if shutil.which("systemd-analyze") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for unit in units:
            copy = pathlib.Path(folder) / unit.name
            copy.write_text(unit.read_text().replace("/usr/local/bin/arbees", program))
            copies.append(str(copy))
        told = subprocess.run(["systemd-analyze", "verify", "--man=no", *copies], capture_output=True, text=True)
        ours = [line for line in told.stderr.splitlines() if "arbees" in line]
        check(not ours, "systemd-analyze: " + "; ".join(ours))


def main():
    variables = known_variables()
    check_compose(variables)
    check_dockerfile()
    check_kubernetes(variables)
    check_monitoring()
    check_systemd()
    for problem in problems:
        print(problem)
    return 1 if problems else 0


sys.exit(main())
