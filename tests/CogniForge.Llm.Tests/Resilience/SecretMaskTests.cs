using CogniForge.Llm.Resilience;

namespace CogniForge.Llm.Tests.Resilience;

public class SecretMaskTests
{
    [Theory]
    [InlineData("Incorrect API key provided: sk-proj-Ab12***************wxyz.", "Incorrect API key provided: ***.")]
    [InlineData("Bad header Authorization: Bearer AbCdEfGh12", "Bad header Authorization: Bearer ***")]
    [InlineData("{\"authorization\":\"Basic dXNlcjpwYXNzd29yZA==\"}", "{\"authorization\":\"Basic ***\"}")]
    [InlineData("x-api-key: 0123456789abcdef is wrong", "x-api-key: *** is wrong")]
    [InlineData("api_key='0123456789abcdef', model='m'", "api_key='***', model='m'")]
    [InlineData("GET https://host/v1?key=AIzaSyA0123456789abcdefghijklmnopqrs", "GET https://host/v1?key=***")]
    [InlineData("gsk_0123456789abcdef and cf_0123456789abcdef", "*** and ***")]
    public void Apply_Secret_IsMasked(string text, string masked) => Assert.Equal(masked, SecretMask.Apply(text));

    [Theory]
    [InlineData("Bearer authentication is required.")]
    [InlineData("api_key: required")]
    [InlineData("The authorization header is missing.")]
    [InlineData("The model risk-assessment-2026 does not exist; did you mean task-runner-large?")]
    [InlineData("'max_tokens' must be at most 8192, not 10000.")]
    [InlineData("")]
    public void Apply_OrdinaryText_IsUnchanged(string text) => Assert.Equal(text, SecretMask.Apply(text));

    [Fact]
    public void Apply_Null_ReturnsNull() => Assert.Null(SecretMask.Apply(null));
}
