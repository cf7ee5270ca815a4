using System.Net;
using System.Text;
using CogniForge.Llm.Caching;
using CogniForge.Llm.Providers;
using CogniForge.ServiceDefaults.Errors;
using CogniForge.Tests.Fuzzing;
using Microsoft.AspNetCore.Http;

namespace CogniForge.Llm.Tests.Fuzzing;

public class HeaderFuzzTests
{
    [Fact]
    public void RetryAfter_Mutated_IsBoundedOrIgnored() =>
        Fuzzer.Run(
            ["12", "1.5", "6m0s", "1h2m3.5s4ms", "Wed, 21 Oct 2026 07:28:00 GMT", "2026-11-29T10:00:00Z"],
            value => RetryAfter("retry-after", value) | RetryAfter("retry-after-ms", value) | RateLimit(value)
        );

    [Fact]
    public void CacheControl_Mutated_IsParsed() =>
        Fuzzer.Run(
            ["no-cache", "no-store, max-age=60", "max-age=\"5\", s-maxage=3"],
            value => CacheControl.Parse(Encoding.Latin1.GetString(value)) != CacheControl.None
        );

    [Fact]
    public void CacheTags_Mutated_AreReadOrRejected() =>
        Fuzzer.Run(
            ["a,b, c", new string('x', 150), "a,b,c,d,e,f,g,h,i"],
            value =>
            {
                var errors = new FieldErrors();
                var headers = new HeaderDictionary { [CacheTags.Header] = Encoding.UTF8.GetString(value) };
                var tags = CacheTags.Read(headers, errors);
                Assert.True(errors.Count > 0 || tags.All(t => t.Length is > 0 and <= CacheTags.MaxLength));
                return errors.Count == 0;
            }
        );

    private static bool RateLimit(byte[] value)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("x-ratelimit-remaining-tokens", "0");
        return Wait(response, "x-ratelimit-reset-tokens", value);
    }

    private static bool RetryAfter(string name, byte[] value)
    {
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        return Wait(response, name, value);
    }

    private static bool Wait(HttpResponseMessage response, string name, byte[] value)
    {
        response.Headers.Date = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        response.Headers.TryAddWithoutValidation(name, Encoding.Latin1.GetString(value));
        var wait = RetryAfterParser.Parse(response);
        Assert.True(wait is null || (wait >= TimeSpan.Zero && wait <= TimeSpan.FromDays(1)), $"{wait}");
        return wait is not null;
    }
}
