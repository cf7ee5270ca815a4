using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Serving.Protocol;

/// <summary>An inference response of the Open Inference Protocol v2 (inference_rest.md).</summary>
/// <param name="ModelName">The name of the model that made the inference.</param>
/// <param name="ModelVersion">The version of that model.</param>
/// <param name="Id">The identifier given in the request, if any.</param>
/// <param name="Outputs">The output tensors.</param>
internal sealed record InferResponse(string ModelName, int ModelVersion, string? Id, IReadOnlyList<Tensor> Outputs)
{
    /// <summary>The <c>parameters</c> of the response, such as the variant of an experiment; null: none.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>Creates the response to a request, with the requested outputs in the requested order.</summary>
    /// <param name="request">The request.</param>
    /// <param name="modelName">See <see cref="ModelName"/>.</param>
    /// <param name="modelVersion">See <see cref="ModelVersion"/>.</param>
    /// <param name="produced">All outputs of the model.</param>
    /// <param name="response">The response, if the model has every requested output.</param>
    /// <param name="error">The first unknown output, if it does not.</param>
    public static bool TryBuild(
        InferRequest request,
        string modelName,
        int modelVersion,
        IReadOnlyList<Tensor> produced,
        [NotNullWhen(true)] out InferResponse? response,
        [NotNullWhen(false)] out FieldError? error
    )
    {
        (response, error) = (null, null);
        var outputs = produced;
        if (request.Outputs.Count > 0)
        {
            var requested = request
                .Outputs.Select(output => produced.FirstOrDefault(tensor => tensor.Name == output.Name))
                .ToList();
            var unknown = requested.IndexOf(null);
            if (unknown >= 0)
            {
                error = new FieldError(
                    $"outputs[{unknown}].name",
                    $"must be one of {string.Join(", ", produced.Select(tensor => tensor.Name))}"
                );
                return false;
            }

            outputs = requested!;
        }

        response = new(modelName, modelVersion, request.Id, outputs);
        return true;
    }

    /// <summary>Writes the protocol's JSON, part by part.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="flushAsync">Sends what was written, after each part.</param>
    public ValueTask WriteToAsync(Utf8JsonWriter json, Func<ValueTask> flushAsync) =>
        WriteToAsync(json, static _ => false, flushAsync);

    /// <summary>Writes the protocol's JSON, part by part.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="isBinary">The outputs whose data follow as raw bytes.</param>
    /// <param name="flushAsync">Sends what was written, after each part.</param>
    public async ValueTask WriteToAsync(
        Utf8JsonWriter json,
        Func<Tensor, bool> isBinary,
        Func<ValueTask> flushAsync
    )
    {
        json.WriteStartObject();
        json.WriteString("model_name", ModelName);
        json.WriteString("model_version", $"{ModelVersion}");
        if (Id is not null)
        {
            json.WriteString("id", Id);
        }

        if (Parameters is not null)
        {
            json.WriteStartObject("parameters");
            foreach (var (name, value) in Parameters)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        }

        json.WriteStartArray("outputs");
        foreach (var output in Outputs)
        {
            if (isBinary(output))
            {
                output.WriteBinaryTo(json);
            }
            else
            {
                await output.WriteToAsync(json, flushAsync);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await flushAsync();
    }
}
