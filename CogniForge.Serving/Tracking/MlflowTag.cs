namespace CogniForge.Serving.Tracking;

/// <summary>A tag of an experiment, a run, a model or a version; a parameter of a run.</summary>
internal sealed record MlflowTag(string? Key, string? Value)
{
    /// <summary>The tags as a message has them; null: none, because unset fields are absent.</summary>
    public static IReadOnlyList<MlflowTag>? From(IReadOnlyDictionary<string, string> tags) =>
        tags.Count == 0 ? null : [.. tags.Select(t => new MlflowTag(t.Key, t.Value))];
}
