using System.Collections.Frozen;
using System.Text.Json;
using CogniForge.Llm.Protocols.Json;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.Llm.BudgetedRequests;

/// <summary>
/// Validates messages and their parts, in any protocol: each field must be known, and what carries an image, a sound or
/// a document must belong to the type by which the gateway counts it.
/// </summary>
internal static class BudgetedContent
{
    private const string UnknownSize = "the gateway does not know how many tokens it has";

    // Fields whose tokens their bytes bound.
    private static readonly FrozenSet<string> _texts = FrozenSet.Create(
        [
            // all protocols
            .. "role content type text id name cache_control annotations status metadata".Split(' '),
            // chat completions, with the reasoning and the hints of DeepSeek, Mistral, Kimi, OpenRouter and LiteLLM
            .. "tool_calls tool_call_id function_call refusal audio reasoning reasoning_content".Split(' '),
            .. "reasoning_details thinking_blocks prefix partial prompt_cache_breakpoint".Split(' '),
            // responses
            .. "call_id arguments input output namespace summary encrypted_content action logprobs".Split(' '),
            .. "phase detail caller created_by operation actions environment max_output_length".Split(' '),
            .. "stdout stderr outcome pending_safety_checks acknowledged_safety_checks execution".Split(' '),
            // Anthropic's messages
            .. "citations tool_use_id is_error thinking signature data title context url page_age".Split(' '),
            .. "error_code error_message tool_name output_config stop_reason".Split(' '),
        ]
    );

    // Fields that are not text, and the types to which they belong.
    private static readonly FrozenDictionary<string, string[]> _carriers = new Dictionary<string, string[]>
    {
        ["image_url"] = ["image_url", "input_image", "computer_screenshot"],
        ["file_id"] = ["input_image", "computer_screenshot"],
        ["input_audio"] = ["input_audio"],
        ["source"] = ["image", "document", "search_result"],
    }.ToFrozenDictionary();

    private static readonly string[] _imageFields = ["url", "detail", "type", "media_type", "data", "file_id"];

    /// <summary>Finds the first field that the reserved maximum may not cover; null: none.</summary>
    public static FieldError? Validate(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return FieldErrorPaths.First(value, Validate);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string?[]? types = null; // searched once, because an object may have many members with one name
        foreach (var member in value.EnumerateObject().Where(m => m.Value.IsPresent()))
        {
            var name = member.ValidName();
            var error = name switch
            {
                "type" => ValidateType(member.Value, BudgetedFields.ContentTypes),
                "content" or "output" or "summary" or "tool_references" => Validate(member.Value),
                "audio" => BudgetedFields.Refuse("", BudgetedFields.Reasons["conversation"]),
                _ when _carriers.TryGetValue(name, out var owners) => ValidateCarrier(
                    member.Value,
                    owners,
                    types ??= [.. value.Members("type").Select(t => t.Text())]
                ),
                _ => _texts.Contains(name) ? null : BudgetedFields.Refuse("", BudgetedFields.UnknownReason),
            };
            if (error is not null)
            {
                return FieldErrorPaths.Below($".{name}", error);
            }
        }

        return null;
    }

    private static FieldError? ValidateCarrier(JsonElement value, string[] owners, string?[] types) =>
        types.Length == 0 || types.Any(t => !owners.Contains(t)) ? BudgetedFields.Refuse("", UnknownSize)
        : types.Contains("document") ? ValidateDocument(value)
        : types.Contains("input_audio") ? null
        : ValidateImage(value);

    private static FieldError? ValidateDocument(JsonElement source)
    {
        var types = source.Members("type").Select(t => ValidateType(t, BudgetedFields.DocumentSources));
        return FieldErrorPaths.Below(".type", types.FirstOrDefault(e => e is not null))
            ?? FieldErrorPaths.Below(
                ".content",
                source.Members("content").Select(Validate).FirstOrDefault(e => e is not null)
            );
    }

    /// <summary>Validates a URL, or an object with one or with the image itself.</summary>
    private static FieldError? ValidateImage(JsonElement image)
    {
        if (image.ValueKind != JsonValueKind.Object)
        {
            return IsOtherThanImage(image) ? BudgetedFields.Refuse("", UnknownSize) : null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in image.EnumerateObject())
        {
            var name = member.ValidName();
            names.Add(name);
            if (
                !_imageFields.Contains(name)
                || IsOtherThanImage(member.Value)
                || (name == "media_type" && !IsImageType(member.Value.Text()))
            )
            {
                return BudgetedFields.Refuse($".{name}", UnknownSize);
            }
        }

        return names.Contains("data") && !names.Contains("media_type")
            ? BudgetedFields.Refuse(".media_type", UnknownSize)
            : null;
    }

    private static bool IsOtherThanImage(JsonElement url) =>
        url.Text()?.TrimStart() is { } text
        && text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
        && !IsImageType(text["data:".Length..]);

    private static bool IsImageType(string? type) =>
        type?.TrimStart().StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true;

    private static FieldError? ValidateType(JsonElement type, FrozenSet<string> allowed) =>
        type.ValueKind == JsonValueKind.Null || (type.Text() is { } text && allowed.Contains(text))
            ? null
            : BudgetedFields.Refuse("", UnknownSize);
}
