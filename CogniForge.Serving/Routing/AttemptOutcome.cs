namespace CogniForge.Serving.Routing;

/// <summary>How a request to a version ended.</summary>
internal enum AttemptOutcome
{
    /// <summary>It was cancelled or refused for reasons that say nothing about the version.</summary>
    Unknown,

    /// <summary>The version answered, if only that the request is wrong.</summary>
    Succeeded,

    /// <summary>The version failed.</summary>
    Failed,
}
