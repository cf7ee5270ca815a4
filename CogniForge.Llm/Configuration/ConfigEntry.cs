namespace CogniForge.Llm.Configuration;

/// <summary>A route, provider or price of the admin API.</summary>
/// <param name="Kind">One of <see cref="ConfigKinds"/>.</param>
/// <param name="Name">The unique name within the kind.</param>
/// <param name="Document">The content as JSON.</param>
internal sealed record ConfigEntry(string Kind, string Name, string Document);
