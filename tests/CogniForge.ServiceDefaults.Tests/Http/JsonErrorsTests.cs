using System.Text.Json;
using System.Text.Json.Serialization;
using CogniForge.ServiceDefaults.Errors;

namespace CogniForge.ServiceDefaults.Tests.Http;

public sealed class JsonErrorsTests
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public enum Color
    {
        Red,
        DarkBlue,
    }

    [Theory]
    [InlineData("""{"text":1}""", "text", "must be a string")]
    [InlineData("""{"text":{}}""", "text", "must be a string")]
    [InlineData("""{"text":"\ud800"}""", "text", "must be a string")]
    [InlineData("""{"whole":"1"}""", "whole", "must be a whole number in range")]
    [InlineData("""{"whole":1.5}""", "whole", "must be a whole number in range")]
    [InlineData("""{"whole":99999999999}""", "whole", "must be a whole number in range")]
    [InlineData("""{"whole":null}""", "whole", "must be a whole number in range")]
    [InlineData("""{"maybeWhole":"x"}""", "maybeWhole", "must be a whole number in range")]
    [InlineData("""{"big":1e30}""", "big", "must be a whole number in range")]
    [InlineData("""{"real":"x"}""", "real", "must be a number")]
    [InlineData("""{"money":true}""", "money", "must be a number")]
    [InlineData("""{"flag":"true"}""", "flag", "must be true or false")]
    [InlineData("""{"flag":1}""", "flag", "must be true or false")]
    [InlineData("""{"id":"x"}""", "id", "must be a UUID")]
    [InlineData("""{"at":"yesterday"}""", "at", "must be a date and time in ISO 8601")]
    [InlineData("""{"at":17}""", "at", "must be a date and time in ISO 8601")]
    [InlineData("""{"day":"2026-13-01"}""", "day", "must be a date in ISO 8601, yyyy-MM-dd")]
    [InlineData("""{"color":"purple"}""", "color", "must be one of red, darkBlue")]
    [InlineData("""{"maybeColor":true}""", "maybeColor", "must be one of red, darkBlue")]
    [InlineData("""{"list":{}}""", "list", "must be an array")]
    [InlineData("""{"list":["a",1]}""", "list[1]", "must be a string")]
    [InlineData("""{"array":3}""", "array", "must be an array")]
    [InlineData("""{"array":[1,"x"]}""", "array[1]", "must be a number")]
    [InlineData("""{"map":[]}""", "map", "must be an object")]
    [InlineData("""{"map":{"a":"x"}}""", "map.a", "must be a whole number in range")]
    [InlineData("""{"child":"x"}""", "child", "must be an object")]
    [InlineData("""{"child":[]}""", "child", "must be an object")]
    [InlineData("""{"children":[{"text":"a"},{"text":2}]}""", "children[1].text", "must be a string")]
    [InlineData("""{"link":3}""", "link", "must be a string")]
    [InlineData("[]", "", "must be an object")]
    [InlineData("3", "", "must be an object")]
    [InlineData("""{"needs":{}}""", "needs", "must have 'first', 'second'")]
    [InlineData("""{"strict":{"known":1,"other":2}}""", "strict.other", "is not a known field")]
    [InlineData("""{"text":"a","whole":1,"text":"b"}""", "text", "must occur only once")]
    [InlineData("""{"children":[{"text":"a","text":"a"}]}""", "children[0].text", "must occur only once")]
    [InlineData("""{"map":{"a":1,"a":2}}""", "map.a", "must occur only once")]
    public void Describe_WrongType_ReturnsPathAndRule(string json, string path, string rule) =>
        Assert.Equal(new FieldError(path, rule), Describe(json));

    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("{", "")]
    [InlineData("""{"text":"a" "b"}""", "text")]
    [InlineData("""{"text":'a'}""", "text")]
    [InlineData("""{"text":"a",}""", "text")]
    [InlineData("""{"list":[1""", "list[0]")]
    [InlineData("hello", "")]
    [InlineData("""{"whole":01}""", "whole")]
    [InlineData("{} {}", "")]
    public void Describe_Malformed_ReturnsPosition(string json, string path)
    {
        var error = Describe(json);

        Assert.StartsWith("is not well-formed JSON (line 1, byte ", error.Rule, StringComparison.Ordinal);
        Assert.Contains(error.Path, new[] { path, "" });
    }

    [Fact]
    public void Describe_TooDeep_ReturnsRule()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"child":""", 100));

        Assert.Equal("must not be nested more than 64 levels deep", Describe(deep).Rule);
    }

    private static FieldError Describe(string json)
    {
        var exception = Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<Sample>(json, _options));
        var error = JsonErrors.Describe(exception, typeof(Sample), _options);
        Assert.DoesNotMatch("System|CogniForge|`", error.Rule);
        return error;
    }

    private sealed record Sample(
        string? Text,
        int Whole,
        int? MaybeWhole,
        long Big,
        double Real,
        decimal Money,
        bool Flag,
        Guid Id,
        DateTimeOffset At,
        DateOnly Day,
        Color Color,
        Color? MaybeColor,
        IReadOnlyList<string>? List,
        double[]? Array,
        Dictionary<string, int>? Map,
        Sample? Child,
        IReadOnlyList<Sample>? Children,
        Uri? Link,
        Needs? Needs,
        Strict? Strict
    );

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Strict(int Known);

    private sealed record Needs
    {
        public required string First { get; init; }

        public required int Second { get; init; }
    }
}
