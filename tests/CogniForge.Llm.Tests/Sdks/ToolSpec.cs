namespace CogniForge.Llm.Tests.Sdks;

/// <param name="Schema">The JSON schema of the arguments.</param>
internal sealed record ToolSpec(string Name, string Description, string Schema);
