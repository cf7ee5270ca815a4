namespace CogniForge.Llm.Configuration;

/// <summary>Something that the admin API has set up.</summary>
/// <param name="Kind">What it is, one of <see cref="ConfigKinds"/>.</param>
/// <param name="Name">Identifies it among its kind.</param>
/// <param name="Document">The rest, as JSON.</param>
internal sealed record ConfigEntry(string Kind, string Name, string Document);
