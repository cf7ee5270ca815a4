using System.Collections.Frozen;
using System.Text.Json;
using CogniForge.Llm.BudgetedRequests;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.PassThrough;

/// <summary>
/// Finds what makes a pass-through request cost more than its reserved maximum: fields that are not listed here, and
/// fields that occur twice, because providers differ in which of them counts.
/// </summary>
internal static class BudgetedBody
{
    // With the sampling parameters of vLLM, llama.cpp and OpenRouter.
    private static readonly FrozenSet<string> _completions = Create(
        "prompt suffix echo best_of n max_tokens min_tokens stop stop_token_ids ignore_eos stream_options seed",
        "temperature top_p top_k top_a min_p typical_p frequency_penalty presence_penalty repetition_penalty",
        "logprobs logit_bias response_format structured_outputs guided_json guided_regex guided_choice",
        "guided_grammar grammar json_schema skip_special_tokens prompt_cache_key keep_alive"
    );

    // With those of Cohere, Jina and Voyage.
    private static readonly FrozenSet<string> _rerank = Create(
        "query documents top_n top_k rank_fields return_documents max_chunks_per_doc max_tokens_per_doc truncation"
    );

    private static readonly FrozenSet<string> _images = Create(
        "prompt negative_prompt n size quality style background moderation response_format output_format",
        "output_compression partial_images aspect_ratio seed"
    );

    private static readonly FrozenSet<string> _speech = Create(
        "input voice instructions response_format speed stream_format language"
    );

    /// <summary>Finds the first field that a request of a key with a budget must not have; null: none.</summary>
    /// <param name="operation">The operation of the endpoint.</param>
    /// <param name="body">The body.</param>
    public static FieldError? Validate(string operation, JsonElement body)
    {
        var allowed = operation switch
        {
            "completions" => _completions,
            "rerank" => _rerank,
            "images" => _images,
            _ => _speech,
        };
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in body.EnumerateObject())
        {
            var name = member.ValidName();
            if (!names.Add(name))
            {
                return new(name, "must occur only once for an API key with a budget");
            }

            if (member.Value.ValueKind != JsonValueKind.Null && !allowed.Contains(name))
            {
                return BudgetedFields.Refuse(name, GetReason(name));
            }

            if (operation == "rerank" && ValidateRerank(name, member.Value) is { } rule)
            {
                return new(name, rule);
            }
        }

        return null;
    }

    private static string? ValidateRerank(string name, JsonElement value) =>
        name switch
        {
            "query" when value.ValueKind != JsonValueKind.String => "must be a string for an API key with a budget",
            "documents" when value.ValueKind != JsonValueKind.Array || !value.EnumerateArray().All(IsText) =>
                "must be an array of texts, or of objects of texts, for an API key with a budget",
            _ => null,
        };

    private static bool IsText(JsonElement document) =>
        document.ValueKind == JsonValueKind.String
        || (
            document.ValueKind == JsonValueKind.Object
            && document
                .EnumerateObject()
                .All(m =>
                    m.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                    && !m.ValidName().StartsWith("image", StringComparison.OrdinalIgnoreCase)
                )
        );

    private static string GetReason(string name) =>
        BudgetedFields.Reasons.GetValueOrDefault(name, BudgetedFields.UnknownReason);

    private static FrozenSet<string> Create(params string[] names) =>
        names
            .SelectMany(n => n.Split(' '))
            .Concat(["model", "stream", "user", "metadata", "service_tier"])
            .ToFrozenSet(StringComparer.Ordinal);
}
