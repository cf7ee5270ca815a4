namespace CogniForge.Llm.Configuration;

/// <summary>The status of a change.</summary>
internal enum ConfigChangeStatus
{
    Created,

    Replaced,

    Removed,

    Invalid,

    /// <summary>Not possible beside the other entries.</summary>
    Conflict,

    NotFound,
}
