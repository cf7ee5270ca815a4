using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <remarks>Without the property for the rate limiter, whose type is of a package that stand-ins cannot rely on; the limiter itself is there.</remarks>
public class HttpStandardResilienceOptions
{
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } = new() { Name = "Standard-TotalRequestTimeout" };

    public HttpRetryStrategyOptions Retry { get; set; } = new() { Name = "Standard-Retry" };

    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new() { Name = "Standard-CircuitBreaker" };

    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } = new() { Name = "Standard-AttemptTimeout", Timeout = TimeSpan.FromSeconds(10) };

    internal sealed class Rules : IValidateOptions<HttpStandardResilienceOptions>
    {
        public ValidateOptionsResult Validate(string? name, HttpStandardResilienceOptions options)
        {
            List<ValidationResult> wrong = [];
            foreach (object strategy in new object[] { options.TotalRequestTimeout, options.Retry, options.CircuitBreaker, options.AttemptTimeout })
                Validator.TryValidateObject(strategy, new(strategy), wrong, validateAllProperties: true);

            var attempt = options.AttemptTimeout.Timeout;
            if (attempt > options.TotalRequestTimeout.Timeout)
                wrong.Add(new($"The total request time-out ({options.TotalRequestTimeout.Timeout}) is less than that of an attempt ({attempt})."));
            if (options.CircuitBreaker.SamplingDuration < 2 * attempt)
                wrong.Add(new($"The circuit breaker's sampling duration ({options.CircuitBreaker.SamplingDuration}) is less than twice the attempt's time-out ({attempt})."));
            return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong.Select(w => w.ErrorMessage!));
        }
    }
}
