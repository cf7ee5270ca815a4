namespace CogniForge.Llm.Routing;

/// <summary>
/// Which references to what a provider keeps for the gateway's account a request may contain: earlier responses,
/// conversations, files, vector stores, containers and MCP servers.
/// </summary>
internal enum StatefulReferences
{
    /// <summary>No references.</summary>
    None,

    /// <summary>References that this gateway returned to the same API key within the last 30 days.</summary>
    Own,

    /// <summary>All references: the keys of this route may read each other's state.</summary>
    Any,
}
