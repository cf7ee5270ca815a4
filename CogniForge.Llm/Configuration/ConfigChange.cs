namespace CogniForge.Llm.Configuration;

/// <summary>A change of one entry.</summary>
/// <param name="Kind">One of <see cref="ConfigKinds"/>.</param>
/// <param name="Name">The unique name within the kind.</param>
/// <param name="Document">The new content as JSON; null: the entry is deleted.</param>
internal sealed record ConfigChange(string Kind, string Name, string? Document);
