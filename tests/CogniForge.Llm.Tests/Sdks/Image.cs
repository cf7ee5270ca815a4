namespace CogniForge.Llm.Tests.Sdks;

internal sealed record Image(string MediaType, string Base64);
