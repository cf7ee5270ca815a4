using CogniForge.ServiceDefaults.Audit;

namespace CogniForge.Serving.Tracking;

/// <summary>A call of MLflow's API.</summary>
internal sealed class MlflowCall(HttpContext context)
{
    /// <summary>Cancelled when the client disconnects.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Who calls, for the audit.</summary>
    public AuditedRequest Audited => AuditedRequest.From(context);

    /// <summary>The experiments and runs.</summary>
    public ITrackingStore Tracking => Get<ITrackingStore>();

    /// <summary>The present time.</summary>
    public DateTimeOffset Now => Get<TimeProvider>().GetUtcNow();

    /// <summary>The address of this service, as the client used it.</summary>
    public string Address => $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>A service.</summary>
    public T Get<T>()
        where T : notnull => context.RequestServices.GetRequiredService<T>();

    /// <summary>A field that the request must have.</summary>
    /// <exception cref="MlflowException">It is missing or empty.</exception>
    public static string Require(string? value, string name) =>
        !string.IsNullOrEmpty(value)
            ? value
            : throw MlflowException.Invalid($"Missing value for required parameter '{name}'.");

    /// <summary>A repeated field, which is empty if it is absent.</summary>
    /// <exception cref="MlflowException">It has too many values.</exception>
    public static IReadOnlyList<string> RequireAtMost(int max, IReadOnlyList<string>? values, string name) =>
        values is null ? []
        : values.Count <= max ? values
        : throw MlflowException.Invalid(
            $"Invalid value for parameter '{name}' supplied. It must have at most {max} values, has {values.Count}."
        );
}
