"""What RDS tells of engines, versions and certificate authorities, for `answered.py`."""

import datetime


def _at(days):
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=days)


def _major(engine, version):
    if engine in ("postgres", "aurora-postgresql"):
        return version.partition(".")[0]
    return ".".join(version.split(".")[:2])


def engine_versions(asked):
    """The answer."""
    known = {
        "mysql": ("8.4.5", "8.0.40"),
        "postgres": ("17.2", "16.6"),
        "mariadb": ("10.11.8",),
        "oracle-se2": ("19",),
        "sqlserver-ex": ("15.00",),
        "aurora-mysql": ("8.0.mysql_aurora.3.08.0",),
        "aurora-postgresql": ("16.4",),
        "neptune": ("1.3.2.1",),
    }
    gone = {"mysql": ("5.7.38",), "postgres": ("12.9",)} if asked.sent.get("IncludeAll") == "true" else {}
    return {
        "DBEngineVersions": [
            {
                "Engine": engine,
                "EngineVersion": version,
                "MajorEngineVersion": _major(engine, version),
                "Status": status,
                "DBEngineDescription": engine,
                "DBEngineVersionDescription": version,
            }
            for offered, status in ((known, "available"), (gone, "deprecated"))
            for engine, versions in offered.items()
            for version in versions
            if asked.sent.get("Engine") in (None, engine) and asked.sent.get("EngineVersion") in (None, version)
        ]
    }


def major_versions(asked):
    """The answer."""
    known = {
        ("mysql", "5.7"): (2018, 2024, 2029),
        ("mysql", "8.0"): (2018, 2026, 2029),
        ("mysql", "8.4"): (2024, 2029, 2032),
        ("postgres", "12"): (2020, 2025, 2028),
        ("postgres", "17"): (2025, 2030, 2033),
        ("mariadb", "10.11"): (2023, 2028, 2030),
        ("aurora-mysql", "8.0"): (2021, 2028, 2030),
        ("aurora-postgresql", "16"): (2024, 2029, 2032),
    }

    def phase(name, start, end):
        day = datetime.datetime(start, 3, 1, tzinfo=datetime.UTC)
        return {"LifecycleSupportName": name, "LifecycleSupportStartDate": day, "LifecycleSupportEndDate": day.replace(year=end, month=2)}

    return {
        "DBMajorEngineVersions": [
            {
                "Engine": engine,
                "MajorEngineVersion": version,
                "SupportedEngineLifecycles": [
                    phase("open-source-rds-standard-support", start, end),
                    phase("open-source-rds-extended-support", end, last),
                ],
            }
            for (engine, version), (start, end, last) in known.items()
            if asked.sent.get("Engine") in (None, engine) and asked.sent.get("MajorEngineVersion") in (None, version)
        ]
    }


def certificates(asked):
    """The answer."""
    return {
        "Certificates": [
            {
                "CertificateIdentifier": name,
                "CertificateType": "CA",
                "ValidFrom": _at(2000),
                "ValidTill": _at(-days),
                "CertificateArn": f"arn:aws:rds:{asked.region}::cert:{name}",
                "CustomerOverride": False,
            }
            for name, days in (("rds-ca-rsa2048-g1", 12000), ("rds-ca-default", 12000), ("rds-ca-2019", -800))
            if asked.sent.get("CertificateIdentifier") in (None, name)
        ]
    }
