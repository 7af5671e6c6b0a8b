from magpie.media.sandbox.sandbox import Answer, Sandbox, SandboxFailed

__all__ = ["Answer", "Sandbox", "SandboxFailed"]
