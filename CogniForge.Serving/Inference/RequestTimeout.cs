using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Inference;

/// <summary>
/// The parameter <c>timeout</c> of a request, in microseconds: Triton's extension_schedule_policy.md. 0: none.
/// </summary>
internal static class RequestTimeout
{
    public const string Name = "timeout";
    private const long MaxMicroseconds = 86_400_000_000;
    private static readonly FieldError _error = new(
        $"parameters.{Name}",
        $"must be a whole number of microseconds from 0 to {MaxMicroseconds}"
    );

    /// <summary>Reads the parameter of a JSON request; false: it is wrong.</summary>
    public static bool TryRead(
        JsonElement? parameters,
        out TimeSpan? timeout,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        (timeout, error) = (null, null);
        return parameters is not { ValueKind: JsonValueKind.Object } all
            || !all.TryGetProperty(Name, out var value)
            || TryRead(
                value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : -1,
                out timeout,
                out error
            );
    }

    /// <summary>Reads a number of microseconds; false: it is wrong.</summary>
    public static bool TryRead(
        long microseconds,
        out TimeSpan? timeout,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        var isValid = microseconds is >= 0 and <= MaxMicroseconds;
        timeout = isValid && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
        error = isValid ? null : _error;
        return isValid;
    }
}
