namespace CogniForge.Serving.Loading;

/// <summary>The state of a version in this replica.</summary>
internal enum ModelState
{
    /// <summary>Not loaded; the next request loads it.</summary>
    Unloaded,

    /// <summary>Being loaded or warmed up.</summary>
    Loading,

    /// <summary>Ready for inferencing.</summary>
    Ready,

    /// <summary>Loading failed.</summary>
    Failed,
}
