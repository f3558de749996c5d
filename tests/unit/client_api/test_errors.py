"""What a refusal says beyond its code."""

import pytest

from client_api.errors import ErrorCode, Refused, ReportFault
from client_api.wire import Problem


@pytest.mark.parametrize(
    ("code", "reason", "fault"),
    [
        (ErrorCode.PREFLIGHT_REQUIRED, "missing", ReportFault.MISSING),
        (ErrorCode.PREFLIGHT_REQUIRED, "stale", ReportFault.STALE),
        (ErrorCode.PREFLIGHT_REQUIRED, "failed", ReportFault.FAILED),
        (ErrorCode.PREFLIGHT_REQUIRED, "invented later", ReportFault.UNKNOWN),
        (ErrorCode.PREFLIGHT_REQUIRED, None, ReportFault.UNKNOWN),
        (ErrorCode.PREFLIGHT_SYNTHETIC_SOURCE, "stale", None),
        (ErrorCode.SESSION_ENDED, "stale", None),
    ],
)
def test_only_a_refused_report_has_a_fault(
    code: ErrorCode, reason: str | None, fault: ReportFault | None
) -> None:
    refused = Refused(Problem(code=code.value, title="no", status=428, reason=reason))

    assert refused.report_fault is fault
