using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CogniForge.Serving.Tracking;

/// <summary>Reads and writes the JSON of MLflow's messages: snake_case, unset fields absent.</summary>
/// <remarks>
/// As protobuf's JSON mapping, it reads numbers that are strings and <c>"NaN"</c>, and ignores unknown fields. 64-bit
/// integers are written as numbers, as <c>mlflow/utils/proto_json_utils.py</c> does.
/// </remarks>
internal static class MlflowJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Web)
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling =
                JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
        };

    // Fields of requests that repeat.
    private static readonly HashSet<string> _lists = new(StringComparer.Ordinal)
    {
        "experiment_ids",
        "order_by",
        "stages",
    };

    /// <summary>Reads a message from the query of a GET, or from the body of another request.</summary>
    /// <exception cref="MlflowException">The message is not valid.</exception>
    public static async Task<T> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (
                    HttpMethods.IsGet(request.Method)
                        ? ReadQuery(request.Query).Deserialize<T>(Options)
                        : await JsonSerializer.DeserializeAsync<T>(request.Body, Options, cancellationToken)
                ) ?? throw MlflowException.Invalid("The request must be a JSON object.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            var path = (e as JsonException)?.Path;
            throw MlflowException.Invalid(
                path is { Length: > 2 }
                    ? $"Invalid value for parameter '{path[2..]}' supplied."
                    : "The request must be a valid JSON object."
            );
        }
    }

    private static JsonObject ReadQuery(IQueryCollection query)
    {
        var message = new JsonObject();
        foreach (var (name, values) in query)
        {
            message[name] = _lists.Contains(name)
                ? new JsonArray([.. values.Select(v => JsonValue.Create(v))])
                : JsonValue.Create(values.LastOrDefault());
        }

        return message;
    }
}
