namespace CogniForge.Serving.Models;

/// <summary>Why the registry refuses a change.</summary>
internal enum RegistryErrorKind
{
    /// <summary>It does not exist: 404.</summary>
    NotFound,

    /// <summary>It exists already: 409.</summary>
    Exists,

    /// <summary>The state forbids it: 409.</summary>
    Conflict,

    /// <summary>It was changed since the caller read it: 412.</summary>
    Changed,
}
