using System.ComponentModel.DataAnnotations;
using CogniForge.ServiceDefaults.Hosting;
using CogniForge.ServiceDefaults.Overload;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults;

/// <summary>Options of every service, from the section <c>CogniForge</c>.</summary>
public sealed class CogniForgeOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "CogniForge";

    /// <summary>The minimum length of a key of the configuration, in characters.</summary>
    internal const int MinKeyLength = 32;

    /// <summary>
    /// The operator's key, with all scopes at every service, 32 characters or more. Required outside Development.
    /// Default: none.
    /// </summary>
    public string? AdminApiKey { get; set; }

    /// <summary>A second operator's key, accepted like the first, for its rotation. Default: none.</summary>
    public string? SecondaryAdminApiKey { get; set; }

    /// <summary>
    /// The key that calls between services send and accept, 32 characters or more; it has their scopes only. Default:
    /// none.
    /// </summary>
    public string? ServiceKey { get; set; }

    /// <summary>A second key of calls between services, only accepted, for its rotation. Default: none.</summary>
    public string? SecondaryServiceKey { get; set; }

    /// <summary>
    /// The maximum number of log-ins with invalid keys per minute from an IPv4 address or IPv6 /64, 1 to 1,000,000;
    /// further ones get 429 instead of 401. Valid keys are unaffected. Default: 300.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxFailedLoginsPerMinute { get; set; } = 300;

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

    /// <summary>The web pages of other origins that may call the service from a browser. Default: none.</summary>
    [ValidateObjectMembers]
    public CrossOriginOptions Cors { get; set; } = new();

    /// <summary>The proxies whose forwarded headers are believed. Default: none.</summary>
    [ValidateObjectMembers]
    public TrustedProxyOptions ForwardedHeaders { get; set; } = new();

    /// <summary>The timeouts of calls to Postgres, Redis and RabbitMQ.</summary>
    [ValidateObjectMembers]
    public TimeoutOptions Timeouts { get; set; } = new();

    /// <summary>What slow clients may cost.</summary>
    [ValidateObjectMembers]
    public ClientOptions Clients { get; set; } = new();

    /// <summary>How much the service works on at once.</summary>
    [ValidateObjectMembers]
    public OverloadOptions Overload { get; set; } = new();

    /// <summary>
    /// The maximum size of a request body in bytes, 1 or more; a larger one gets 413 unread. Default: 4 MiB.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long MaxRequestBodyBytes { get; set; } = 4L * 1024 * 1024;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        (string Name, string? Key)[] keys =
        [
            (nameof(AdminApiKey), AdminApiKey),
            (nameof(SecondaryAdminApiKey), SecondaryAdminApiKey),
            (nameof(ServiceKey), ServiceKey),
            (nameof(SecondaryServiceKey), SecondaryServiceKey),
        ];
        return
            from key in keys
            where key.Key is { Length: > 0 and < MinKeyLength }
            select new ValidationResult(
                $"{SectionName}:{key.Name} must have at least {MinKeyLength} characters; it has {key.Key!.Length}."
            );
    }
}
