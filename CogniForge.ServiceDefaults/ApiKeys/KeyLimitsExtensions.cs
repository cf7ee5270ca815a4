using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Adds limits to a service's API keys.</summary>
public static class KeyLimitsExtensions
{
    /// <summary>
    /// Adds <c>limits</c> to keys: set when a key is created and at <c>/keys/{id}/limits</c>, available as
    /// <see cref="Caller.Limits"/>. A change reaches every replica within two seconds.
    /// </summary>
    /// <typeparam name="T">The type of the limits.</typeparam>
    /// <param name="services">The service's registrations.</param>
    /// <param name="validate">Validates limits; error paths are relative to them.</param>
    /// <param name="example">Example limits for the OpenAPI document, JSON.</param>
    /// <param name="findConflict">
    /// Finds what valid limits refer to and does not exist; null: nothing. Default: they refer to nothing.
    /// </param>
    /// <param name="changed">Called with the id of a key whose limits this replica replaced.</param>
    public static void AddKeyLimits<T>(
        this IServiceCollection services,
        Func<T, IEnumerable<FieldError>> validate,
        string example,
        Func<IServiceProvider, T, CancellationToken, Task<FieldError?>>? findConflict = null,
        Action<IServiceProvider, Guid>? changed = null
    )
        where T : class =>
        services.AddSingleton<IKeyLimits>(provider => new KeyLimits<T>(
            validate,
            (limits, cancellationToken) =>
                findConflict?.Invoke(provider, limits, cancellationToken) ?? Task.FromResult<FieldError?>(null),
            example,
            provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions,
            id => changed?.Invoke(provider, id)
        ));
}
