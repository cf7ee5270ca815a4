namespace CogniForge.Llm.Configuration;

/// <summary>Where a setting comes from; the later wins over the earlier.</summary>
internal enum ConfigOrigin
{
    /// <summary>Part of the gateway.</summary>
    BuiltIn,

    /// <summary>The configuration of the process.</summary>
    Configuration,

    /// <summary>The admin API; kept in the database, the same at every replica.</summary>
    Api,
}
