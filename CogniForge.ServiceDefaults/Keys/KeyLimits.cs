using System.Text.Json;
using CogniForge.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace CogniForge.ServiceDefaults.Keys;

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
        this IServiceCollection services, Func<T, IEnumerable<FieldError>> check, string example, Action<IServiceProvider, Guid>? changed = null) where T : class =>
        services.AddSingleton<IKeyLimits>(provider => new KeyLimits<T>(
            check, example, provider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions, id => changed?.Invoke(provider, id)));
}

/// <summary>The limits of this service's keys; a service that has none does not register this.</summary>
internal interface IKeyLimits
{
    /// <summary>The limits' type, for the API's description.</summary>
    Type Type { get; }

    /// <summary>Limits for the API's description, JSON.</summary>
    string Example { get; }

    /// <summary>Checks limits that a client sends.</summary>
    /// <param name="sent">What came.</param>
    /// <param name="path">Where it stood in the body; empty: it is the body.</param>
    /// <param name="kept">What to keep of it; null when there are errors.</param>
    IReadOnlyList<FieldError> Check(JsonElement sent, string path, out JsonElement? kept);

    /// <summary>Reads limits that were kept.</summary>
    object? Read(JsonElement kept);

    /// <summary>A key's limits have been replaced.</summary>
    void Changed(Guid id);
}

internal sealed class KeyLimits<T>(Func<T, IEnumerable<FieldError>> check, string example, JsonSerializerOptions json, Action<Guid> changed) : IKeyLimits where T : class
{
    public Type Type => typeof(T);

    public string Example => example;

    public IReadOnlyList<FieldError> Check(JsonElement sent, string path, out JsonElement? kept)
    {
        kept = null;
        try
        {
            var limits = sent.ValueKind == JsonValueKind.Null ? null : sent.Deserialize<T>(json);
            if (limits is null)
            {
                return [new(path, "must be an object")];
            }

            var errors = check(limits).Select(e => e with { Path = Join(path, e.Path) }).ToList();
            kept = errors.Count == 0 ? JsonSerializer.SerializeToElement(limits, json) : null;
            return errors;
        }
        catch (JsonException e)
        {
            var error = JsonErrors.Describe(e, typeof(T), json);
            return [error with { Path = Join(path, error.Path) }];
        }
    }

    public object? Read(JsonElement kept) => kept.Deserialize<T>(json);

    public void Changed(Guid id) => changed(id);

    private static string Join(string path, string inner) => path.Length == 0 || inner.Length == 0 ? path + inner : $"{path}.{inner}";
}
