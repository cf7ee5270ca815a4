using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed class KeyLimits<T>(
    Func<T, IEnumerable<FieldError>> check,
    string example,
    JsonSerializerOptions json,
    Action<Guid> changed
) : IKeyLimits
    where T : class
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

    private static string Join(string path, string inner) =>
        path.Length == 0 || inner.Length == 0 ? path + inner : $"{path}.{inner}";
}
