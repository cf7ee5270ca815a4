using CogniForge.ServiceDefaults.Errors;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.ApiKeys;

/// <summary>Lets a service limit its keys beyond their scopes.</summary>
public static class KeyLimitsExtensions
{
    /// <summary>
    /// Has keys take <c>limits</c> of a type: given when a key is made, read and changed at <c>/keys/{id}/limits</c>, checked before they are kept, and at hand in <see cref="Caller.Limits"/>.
    /// A change reaches every replica within two seconds.
    /// </summary>
    /// <typeparam name="T">The limits.</typeparam>
    /// <param name="services">The service's.</param>
    /// <param name="check">Names the rules that limits break; paths start at the limits.</param>
    /// <param name="example">Limits for the API's description, JSON.</param>
    /// <param name="changed">Told the id of a key whose limits were replaced here; every replica knows them two seconds later.</param>
    public static void AddKeyLimits<T>(
        this IServiceCollection services,
        Func<T, IEnumerable<FieldError>> check,
        string example,
        Action<IServiceProvider, Guid>? changed = null
    )
        where T : class =>
        services.AddSingleton<IKeyLimits>(provider => new KeyLimits<T>(
            check,
            example,
            provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions,
            id => changed?.Invoke(provider, id)
        ));
}
