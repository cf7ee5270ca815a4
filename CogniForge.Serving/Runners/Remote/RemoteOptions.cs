using System.ComponentModel.DataAnnotations;

namespace CogniForge.Serving.Runners.Remote;

/// <summary>How remote models are reached (section <c>Inference:Remote</c>).</summary>
internal sealed class RemoteOptions : IValidatableObject
{
    private const int MaxKeyLength = 4_096;

    /// <summary>The maximum time of a request in seconds. Default: 30, range 1 to 600.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>The maximum size of a response in bytes. Default: 64 MiB, range 1 KiB to 1 GiB.</summary>
    [Range(1024, 1 << 30)]
    public int MaxResponseBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The API keys of servers, one for each origin. Default: none.</summary>
    public IReadOnlyList<RemoteApiKey> ApiKeys { get; set; } = [];

    /// <summary>The key of the server of an address; null: none.</summary>
    public string? FindApiKey(Uri address) => ApiKeys.FirstOrDefault(k => IsSameOrigin(new(k.Origin), address))?.Key;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (i, item) in ApiKeys.Index())
        {
            var path = $"{InferenceOptions.SectionName}:Remote:ApiKeys:{i}";
            if (!IsOrigin(item.Origin))
            {
                yield return new($"{path}:Origin must be scheme, host and port, such as https://triton:8443.");
            }
            else if (ApiKeys.Take(i).Any(k => IsOrigin(k.Origin) && IsSameOrigin(new(k.Origin), new(item.Origin))))
            {
                yield return new($"{path}:Origin must be unique.");
            }

            if (item.Key.Length is 0 or > MaxKeyLength || item.Key.Any(c => c is <= ' ' or > '~'))
            {
                yield return new($"{path}:Key must be 1 to 4,096 printable ASCII characters.");
            }
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/", Fragment: "" };

    private static bool IsSameOrigin(Uri first, Uri second) =>
        Uri.Compare(first, second, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.Ordinal) == 0;
}
