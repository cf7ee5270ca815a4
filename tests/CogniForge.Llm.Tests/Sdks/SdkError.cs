namespace CogniForge.Llm.Tests.Sdks;

/// <param name="Status">The HTTP status; null for an error inside a stream.</param>
/// <param name="Message">The SDK's error type and message.</param>
internal sealed record SdkError(int? Status, string Message);
