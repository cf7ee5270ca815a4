using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults;

/// <summary>Settings that every service reads in the same way, from the section <c>CogniForge</c>.</summary>
public sealed class CogniForgeOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "CogniForge";

    /// <summary>The operator's key: all scopes, at every service. Default: none.</summary>
    public string? AdminApiKey { get; set; }

    /// <summary>The key that services use among themselves: all scopes. Default: none.</summary>
    public string? ServiceKey { get; set; }

    /// <summary>Whether a store without a connection string is replaced by memory outside Development too. Default: <see langword="false"/>.</summary>
    public bool InMemory { get; set; }

    /// <summary>
    /// The folder of the journals of answers already given. It must outlive the process: in a container, mount a volume.
    /// Default: a folder of the service's name below the user's local application data; a temporary one when the stores are in memory.
    /// </summary>
    public string? JournalDirectory { get; set; }

    /// <summary>The most that one journal may hold while its stores are away; after that, requests get 503. Default: 256 MiB.</summary>
    public long JournalMaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How long the service waits for its servers.</summary>
    [ValidateObjectMembers]
    public TimeoutOptions Timeouts { get; set; } = new();

    /// <summary>The largest request body, in bytes; a larger one gets 413 before it is read. Default: 4 MiB.</summary>
    public long MaxRequestBodyBytes { get; set; } = 4L * 1024 * 1024;
}
