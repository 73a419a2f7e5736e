from admin_platform.models.audit import AuditRecord, AuditSeal
from admin_platform.models.job import Job

__all__ = ["AuditRecord", "AuditSeal", "Job"]
