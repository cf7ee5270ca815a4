namespace CogniForge.Llm.Tests.Sdks;

internal sealed record Picture(string MediaType, string Base64);
