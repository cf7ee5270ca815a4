namespace CogniForge.Llm.Configuration;

/// <summary>How a change of a setting ended.</summary>
internal enum ConfigChangeStatus
{
    /// <summary>It is set up.</summary>
    Created,

    /// <summary>It was there and is another now.</summary>
    Replaced,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>The document breaks rules.</summary>
    Invalid,

    /// <summary>It contradicts other settings.</summary>
    Conflict,

    /// <summary>There is nothing of that name.</summary>
    NotFound,
}
