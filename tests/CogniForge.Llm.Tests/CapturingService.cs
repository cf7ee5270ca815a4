namespace CogniForge.Llm.Tests;

/// <summary>The gateway of an operator who wants to see what is said.</summary>
public sealed class CapturingService()
    : ServiceHost<Program>(builder => builder.UseSetting("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"));
