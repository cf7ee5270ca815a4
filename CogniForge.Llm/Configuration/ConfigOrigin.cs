namespace CogniForge.Llm.Configuration;

/// <summary>The origin of a route, provider or price; of the same name, the later origin wins.</summary>
internal enum ConfigOrigin
{
    /// <summary>Built into the gateway.</summary>
    BuiltIn,

    /// <summary>The configuration of the process, e.g. environment variables.</summary>
    Configuration,

    /// <summary>The admin API; stored in the database, and the same at every replica.</summary>
    Api,
}
