namespace CogniForge.Serving.Models;

/// <summary>The state of a version in its life cycle; see <see cref="VersionLifecycle"/>.</summary>
internal enum VersionState
{
    /// <summary>It is stored, but was not loaded yet.</summary>
    Registered,

    /// <summary>It is loaded and warmed up, but gets no traffic by default.</summary>
    Ready,

    /// <summary>It gets traffic.</summary>
    Serving,

    /// <summary>It finishes requests and gets no new ones by default.</summary>
    Draining,

    /// <summary>It is out of use for good.</summary>
    Retired,

    /// <summary>It could not be loaded, or failed while serving; the reason is stored.</summary>
    Failed,
}
