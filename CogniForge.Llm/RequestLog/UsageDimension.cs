namespace CogniForge.Llm.RequestLog;

/// <summary>By what spend can be divided.</summary>
internal enum UsageDimension
{
    /// <summary>The id of the key that asked.</summary>
    Key,

    /// <summary>The end user that the client named.</summary>
    User,

    /// <summary>The model that answered.</summary>
    Model,

    /// <summary>Who answered.</summary>
    Provider,

    /// <summary>The route.</summary>
    Route,

    /// <summary>The day, UTC.</summary>
    Day,
}
