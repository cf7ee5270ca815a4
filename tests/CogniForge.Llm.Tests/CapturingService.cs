namespace CogniForge.Llm.Tests;

/// <summary>The gateway with content capture enabled.</summary>
public sealed class CapturingService()
    : ServiceHost<Program>(builder => builder.UseSetting("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"));
