using System.Collections.Frozen;
using CogniForge.ServiceDefaults.ApiKeys;

namespace CogniForge.Llm.Limits;

/// <summary>The projects. Immutable.</summary>
internal sealed class ProjectTable(IEnumerable<Project> projects)
{
    private readonly FrozenDictionary<string, Project> _projects = projects.ToFrozenDictionary(p => p.Name);

    public IReadOnlyList<Project> Projects => _projects.Values;

    public Project? Find(string name) => _projects.GetValueOrDefault(name);

    /// <summary>Finds the project of a caller's key; null: the key has none, or it was deleted.</summary>
    public Project? Find(Caller caller) => GetName(caller) is { } name ? Find(name) : null;

    /// <summary>The name of the project that a caller's key belongs to; null: none.</summary>
    public static string? GetName(Caller caller) => (caller.Limits as KeyLimits)?.Project;
}
