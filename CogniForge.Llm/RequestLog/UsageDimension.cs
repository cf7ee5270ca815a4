namespace CogniForge.Llm.RequestLog;

/// <summary>The dimensions by which usage can be grouped.</summary>
internal enum UsageDimension
{
    /// <summary>The id of the API key.</summary>
    Key,

    /// <summary>The end user that the request names.</summary>
    User,

    /// <summary>The model that responded.</summary>
    Model,

    /// <summary>The provider that responded.</summary>
    Provider,

    /// <summary>The name of the route.</summary>
    Route,

    /// <summary>The day, UTC.</summary>
    Day,
}
