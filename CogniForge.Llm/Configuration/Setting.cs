namespace CogniForge.Llm.Configuration;

/// <summary>Something that the admin API has set up.</summary>
/// <param name="Kind">What it is, one of <see cref="SettingKinds"/>.</param>
/// <param name="Name">Identifies it among its kind.</param>
/// <param name="Document">The rest, as JSON.</param>
internal sealed record Setting(string Kind, string Name, string Document);
