### cause
