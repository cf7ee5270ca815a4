namespace CogniForge.Llm.Tests.Sdks;

/// <param name="Status">The HTTP status; null: it came in a stream.</param>
/// <param name="Message">All that the SDK tells of it.</param>
internal sealed record SdkError(int? Status, string Message);
