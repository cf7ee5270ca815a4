using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.ApiKeys;

internal sealed class KeyLimits<T>(
    Func<T, IEnumerable<FieldError>> validate,
    Func<T, CancellationToken, Task<FieldError?>> findConflict,
    string example,
    JsonSerializerOptions json,
    Action<Guid> changed
) : IKeyLimits
    where T : class
{
    public Type Type => typeof(T);

    public string Example => example;

    public async Task<(IReadOnlyList<FieldError> Errors, JsonElement? Stored)> ValidateAsync(
        JsonElement limits,
        string path,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var parsed = limits.ValueKind == JsonValueKind.Null ? null : limits.Deserialize<T>(json);
            if (parsed is null)
            {
                return ([new(path, "must be an object")], null);
            }

            var errors = FieldErrors.From(validate(parsed).Select(e => e with { Path = Join(path, e.Path) }));
            if (errors.Count == 0 && await findConflict(parsed, cancellationToken) is { } conflict)
            {
                errors.Add(conflict with { Path = Join(path, conflict.Path) });
            }

            return (errors, errors.Count == 0 ? JsonSerializer.SerializeToElement(parsed, json) : null);
        }
        catch (JsonException e)
        {
            var error = JsonErrors.Describe(e, typeof(T), json);
            return ([error with { Path = Join(path, error.Path) }], null);
        }
    }

    public object? Read(JsonElement stored) => stored.Deserialize<T>(json);

    public void Changed(Guid id) => changed(id);

    private static string Join(string path, string inner) =>
        path.Length == 0 || inner.Length == 0 ? path + inner : $"{path}.{inner}";
}
