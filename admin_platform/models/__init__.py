from admin_platform.models.audit import AuditRecord
from admin_platform.models.job import Job

__all__ = ["AuditRecord", "Job"]
