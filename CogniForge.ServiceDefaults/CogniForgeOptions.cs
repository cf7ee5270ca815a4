using System.ComponentModel.DataAnnotations;
using CogniForge.ServiceDefaults.Hosting;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults;

/// <summary>Options of every service, from the section <c>CogniForge</c>.</summary>
public sealed class CogniForgeOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "CogniForge";

    /// <summary>The operator's key, with all scopes at every service. Default: none.</summary>
    public string? AdminApiKey { get; set; }

    /// <summary>The key of calls between services, with all scopes. Default: none.</summary>
    public string? ServiceKey { get; set; }

    /// <summary>
    /// Whether memory replaces a server without a connection string outside Development too. Default:
    /// <see langword="false"/>.
    /// </summary>
    public bool InMemory { get; set; }

    /// <summary>
    /// The folder of the journals. It must outlive the process: in a container, mount a volume. Default: a folder named
    /// after the service below the user's local application data; a temporary one if the stores are in memory.
    /// </summary>
    public string? JournalDirectory { get; set; }

    /// <summary>
    /// The maximum size of a journal in bytes, 1 or more; while it is full, requests get 503. Default: 256 MiB.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long JournalMaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// The only port on which the admin APIs (scope <c>{service}:admin</c>) answer, 1 to 65535; the service must
    /// listen on it. Default: none, and they answer on every port.
    /// </summary>
    [Range(1, 65535)]
    public int? AdminPort { get; set; }

    /// <summary>The proxies whose forwarded headers are believed. Default: none.</summary>
    [ValidateObjectMembers]
    public TrustedProxyOptions ForwardedHeaders { get; set; } = new();

    /// <summary>The timeouts of calls to Postgres, Redis and RabbitMQ.</summary>
    [ValidateObjectMembers]
    public TimeoutOptions Timeouts { get; set; } = new();

    /// <summary>
    /// The maximum size of a request body in bytes, 1 or more; a larger one gets 413 unread. Default: 4 MiB.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long MaxRequestBodyBytes { get; set; } = 4L * 1024 * 1024;
}
